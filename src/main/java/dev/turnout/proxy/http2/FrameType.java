package dev.turnout.proxy.http2;

/** The types of frames (RFC 9113, section 6), in the order of their numbers; all others are {@link #UNKNOWN}. */
public enum FrameType {
    DATA(false, true),
    HEADERS(false, true),
    PRIORITY(false, true),
    RST_STREAM(false, true),
    SETTINGS(true, false),
    PUSH_PROMISE(false, true),
    PING(true, false),
    GOAWAY(true, false),
    WINDOW_UPDATE(true, true),
    CONTINUATION(false, true),
    UNKNOWN(true, true);

    private static final FrameType[] ALL = values();

    private final boolean ofConnection;
    private final boolean ofStream;

    FrameType(boolean ofConnection, boolean ofStream) {
        this.ofConnection = ofConnection;
        this.ofStream = ofStream;
    }

    /** Returns the type of a number. */
    static FrameType of(int number) {
        return number < ALL.length ? ALL[number] : UNKNOWN;
    }

    int number() {
        return ordinal();
    }

    /** Returns true if such a frame may name stream 0. */
    boolean isOfConnection() {
        return ofConnection;
    }

    /** Returns true if such a frame may name a stream. */
    boolean isOfStream() {
        return ofStream;
    }
}
