package dev.turnout.proxy.body;

import io.netty.buffer.ByteBuf;

/**
 * A response that may have no end of its own (a WebSocket's frames, server-sent events), which Turnout can end where its
 * reader expects an end, once its target is to go. Told the bytes that pass; it never holds any. To be used on its
 * event loop only.
 */
interface EndlessStream {

    /** What {@link #passToBoundary} returns if the stream may not be ended in what it was shown. */
    int NO_BOUNDARY = -1;

    byte[] NO_WORDS = {};

    /** Tells of the readable bytes of a buffer, all of which are passed on. */
    void pass(ByteBuf in);

    /**
     * Looks for the first place where the stream may be ended, and tells of the bytes up to there.
     *
     * @return how many readable bytes go before it, or {@link #NO_BOUNDARY} if all of them do
     */
    int passToBoundary(ByteBuf in);

    /** Returns true if the stream may be ended behind all that has passed. */
    boolean isAtBoundary();

    /** Returns what the reader is told last, at a boundary. */
    default byte[] lastWords(EndReason reason) {
        return NO_WORDS;
    }

    /**
     * Returns the lines of a trailer that tell the reader that the stream has been ended, each with its CRLF. If there are
     * some, the reader does not take the stream for a whole one.
     */
    default byte[] lastLines() {
        return NO_WORDS;
    }

    /** Returns true if the stream may also end by itself soon, and is better left alone while bytes pass. */
    default boolean mayEndByItself() {
        return false;
    }

    /** Returns true if the end is lost on the reader between two boundaries, so that one has to be waited for. */
    default boolean needsBoundary() {
        return false;
    }
}
