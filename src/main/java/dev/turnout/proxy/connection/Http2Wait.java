package dev.turnout.proxy.connection;

/**
 * What the time of a client's HTTP/2 connection runs for: its streams have their own. Time begins anew with each step
 * that a slow client takes. Event loop only.
 */
final class Http2Wait {

    /** What the client has to do in time. */
    enum For {
        NOTHING,
        /** The next request. */
        IDLE,
        /** The rest of a frame, or of a header block. */
        HEAD,
        /** Take a response whose exchange is over. */
        LEFT_OVER
    }

    private final Http2Streams streams;
    private final Http2ClientFrames frames;
    private For waiting = For.NOTHING;
    private long stepsBefore;
    private int queuedBefore;

    Http2Wait(Http2Streams streams, Http2ClientFrames frames) {
        this.streams = streams;
        this.frames = frames;
    }

    For waiting() {
        return waiting;
    }

    /**
     * Looks what is waited for now.
     *
     * @param isUnfinished whether a frame, or a header block, has begun
     * @return true if time begins anew
     */
    boolean update(boolean isUnfinished) {
        boolean hasMoved = waiting == For.HEAD && !frames.isWithinBlock() && frames.steps() != stepsBefore
                || waiting == For.LEFT_OVER && streams.flow().queued() < queuedBefore;
        For next = next(isUnfinished);
        if (next == waiting && !hasMoved) {
            return false;
        }
        waiting = next;
        stepsBefore = frames.steps();
        queuedBefore = streams.flow().queued();
        return true;
    }

    private For next(boolean isUnfinished) {
        if (isUnfinished) {
            return For.HEAD;
        }
        if (streams.flow().hasLeftOvers()) {
            return For.LEFT_OVER;
        }
        return streams.areNone() ? For.IDLE : For.NOTHING;
    }

    /** Forgets what was waited for: it is given up. */
    void giveUp() {
        waiting = For.NOTHING;
    }
}
