package dev.turnout.proxy.http2;

import org.jspecify.annotations.Nullable;

/** The settings that a peer has sent (RFC 9113, section 6.5.2, and RFC 8441). Not safe for use by more than one thread. */
public final class PeerSettings {

    static final int HEADER_TABLE_SIZE = 1;
    static final int ENABLE_PUSH = 2;
    static final int MAX_CONCURRENT_STREAMS = 3;
    static final int INITIAL_WINDOW_SIZE = 4;
    static final int MAX_FRAME_SIZE = 5;
    static final int MAX_HEADER_LIST_SIZE = 6;
    static final int ENABLE_CONNECT_PROTOCOL = 8;

    static final int ENTRY_LENGTH = 6;
    /** The initial window of a peer that has said nothing. */
    public static final int DEFAULT_WINDOW = 65535;

    private static final int LARGEST_FRAME = (1 << 24) - 1;

    private final boolean isServer;
    private int concurrentStreams = Integer.MAX_VALUE;
    private int initialWindow = DEFAULT_WINDOW;
    private int frameSize = FrameScanner.LARGEST_PAYLOAD;
    private int headerList = Integer.MAX_VALUE;
    private boolean takesConnectProtocol;

    /** @param isServer whether the peer is a target, and not a client */
    public PeerSettings(boolean isServer) {
        this.isServer = isServer;
    }

    /**
     * Takes the payload of a SETTINGS frame, in its order. What is unknown is passed by.
     *
     * @return what is wrong with it; null if nothing is
     */
    public @Nullable Violation take(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at += ENTRY_LENGTH) {
            int key = (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
            Violation violation = take(key, FrameScanner.int32(bytes, at + 2) & 0xffffffffL);
            if (violation != null) {
                return violation;
            }
        }
        return null;
    }

    private @Nullable Violation take(int key, long value) {
        int number = (int) Math.min(value, Integer.MAX_VALUE);
        switch (key) {
            case ENABLE_PUSH -> {
                return value > 1 || isServer && value == 1 ? Violation.BAD_SETTING : null;
            }
            case MAX_CONCURRENT_STREAMS -> concurrentStreams = number;
            case INITIAL_WINDOW_SIZE -> {
                initialWindow = number;
                return value > Integer.MAX_VALUE ? Violation.BAD_WINDOW_SETTING : null;
            }
            case MAX_FRAME_SIZE -> {
                frameSize = number;
                return value < FrameScanner.LARGEST_PAYLOAD || value > LARGEST_FRAME ? Violation.BAD_SETTING : null;
            }
            case MAX_HEADER_LIST_SIZE -> headerList = number;
            case ENABLE_CONNECT_PROTOCOL -> {
                // RFC 8441, section 3: once allowed, it stays so.
                boolean takes = value == 1;
                boolean isBad = value > 1 || takesConnectProtocol && !takes;
                takesConnectProtocol = takes;
                return isBad ? Violation.BAD_SETTING : null;
            }
            default -> {}
        }
        return null;
    }

    /** Returns how many streams may be open that were opened here. */
    public int concurrentStreams() {
        return concurrentStreams;
    }

    /** Returns the window of each stream at its beginning. A change counts for the streams that are open too. */
    public int initialWindow() {
        return initialWindow;
    }

    /** Returns how long a frame may be. */
    public int frameSize() {
        return frameSize;
    }

    /** Returns how large a list of fields may be. */
    public int headerList() {
        return headerList;
    }

    /** Returns true if extended CONNECT is taken. */
    public boolean takesConnectProtocol() {
        return takesConnectProtocol;
    }
}
