package dev.turnout.proxy;

import io.netty.buffer.ByteBuf;

/**
 * A response without an end of its own (a WebSocket's frames, server-sent events), which Turnout can end where its
 * reader expects an end, once its target is to go. Told the bytes that pass; it never holds any. To be used on its
 * event loop only.
 */
interface EndlessStream {

    /** What {@link #passToBoundary} returns if the stream may not be ended in what it was shown. */
    int NO_BOUNDARY = -1;

    /** Tells of the readable bytes of a buffer, all of which are passed on. */
    void pass(ByteBuf in);

    /**
     * Looks for the first place where the stream may be ended, and tells of the bytes up to there.
     *
     * @return how many readable bytes go before it, or {@link #NO_BOUNDARY} if all of them do
     */
    int passToBoundary(ByteBuf in);

    /** Whether the stream may be ended behind all that has passed. */
    boolean isAtBoundary();
}
