package dev.turnout.proxy.body;

/** Why Turnout ends a stream, as the reader of the stream is told. */
public enum EndReason {

    /** The target is replaced: the reader may come back at once. */
    REPLACED(1012),

    /** Turnout stops: a reader that came back at once would find nobody. */
    STOPPING(1001);

    private final int closeCode;

    EndReason(int closeCode) {
        this.closeCode = closeCode;
    }

    /** Returns the code for the client of a WebSocket (RFC 6455, section 7.4.1). */
    int closeCode() {
        return closeCode;
    }
}
