package dev.turnout.proxy.http2;

/**
 * Which streams of a connection have been, so that a frame of a stream that is not open is told from a fault (RFC 9113,
 * section 5.1). How a stream ended is known of the last ones. Not safe for use by more than one thread.
 */
public final class StreamIds {

    /** What a frame of a stream is that is not open. */
    public enum Fate {
        /** It opens its stream. */
        OPENS,
        /** It was on its way when the stream ended, or when this side said that it takes no more. */
        IGNORED,
        /** {@link StreamIds#violation()} says what is wrong. */
        VIOLATES
    }

    /** How a stream ended. */
    public enum End {
        /** Both sides have sent all. */
        WHOLE,
        RESET_BY_PEER,
        RESET_HERE
    }

    /** As many as may be on their way at a time, and more. */
    private static final int REMEMBERED = 256;

    private static final byte FORGOTTEN = -1;

    private final boolean isPeerClient;
    private int[] ids = {};
    private byte[] ends = {};
    private int next;
    private int highest;
    private boolean takesNoMore;
    private Violation violation = Violation.IDLE_STREAM;

    /** @param isPeerClient whether the peer opens the streams, and not this side */
    public StreamIds(boolean isPeerClient) {
        this.isPeerClient = isPeerClient;
    }

    /** Returns what a frame is whose stream is not open. */
    public Fate fateOf(FrameType type, int id) {
        boolean isOdd = (id & 1) != 0;
        if (type == FrameType.PRIORITY) {
            return Fate.IGNORED;
        }
        if (!isOdd) {
            // Nothing is pushed: no side has even streams.
            return violates(type == FrameType.HEADERS ? Violation.BAD_STREAM_ID : Violation.IDLE_STREAM);
        }
        if (id > highest && takesNoMore) {
            return Fate.IGNORED;
        }
        if (id > highest) {
            return isPeerClient && type == FrameType.HEADERS ? Fate.OPENS : violates(Violation.IDLE_STREAM);
        }
        return type == FrameType.HEADERS || type == FrameType.DATA ? behindTheEnd(type, id) : Fate.IGNORED;
    }

    private Fate behindTheEnd(FrameType type, int id) {
        int end = endOf(id);
        if (end == End.RESET_HERE.ordinal()) {
            return Fate.IGNORED;
        }
        if (end == End.WHOLE.ordinal()) {
            return violates(Violation.STREAM_GONE);
        }
        boolean isUnknown = end == FORGOTTEN && type == FrameType.HEADERS;
        return violates(isUnknown ? Violation.STREAM_ID_REUSED : Violation.STREAM_ENDED);
    }

    private Fate violates(Violation what) {
        violation = what;
        return Fate.VIOLATES;
    }

    private int endOf(int id) {
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] == id) {
                return ends[i];
            }
        }
        return FORGOTTEN;
    }

    /** Returns what the last frame has done wrong. */
    public Violation violation() {
        return violation;
    }

    /**
     * Notes that the peer was told which stream is the last, the highest of now. Frames of later ones were on their way, and
     * are ignored (section 6.8).
     */
    public void takeNoMore() {
        takesNoMore = true;
    }

    /** Notes a stream that has been opened, by the peer or here. */
    public void opened(int id) {
        highest = id;
    }

    /** Notes a stream that has ended. */
    public void ended(int id, End how) {
        if (ids.length == 0) {
            ids = new int[REMEMBERED];
            ends = new byte[REMEMBERED];
        }
        ids[next] = id;
        ends[next] = (byte) how.ordinal();
        next = next + 1 & REMEMBERED - 1;
    }

    /** Returns the highest stream that has been opened; 0 if there was none. */
    public int highest() {
        return highest;
    }
}
