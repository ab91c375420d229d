package dev.turnout.proxy.http2;

/** Holds the data of a stream to its Content-Length (RFC 9113, section 8.1.1). Not safe for use by more than one thread. */
public final class BodyLength {

    private final long declared;
    private long received;

    /** @param declared the Content-Length; -1 if there is none */
    public BodyLength(long declared) {
        this.declared = declared;
    }

    /** Takes data, without its padding. Returns false if it is more than declared. */
    public boolean receive(int count) {
        received += count;
        return declared < 0 || received <= declared;
    }

    /** Returns true if the stream may end now. */
    public boolean mayEnd() {
        return declared < 0 || received == declared;
    }
}
