package dev.turnout.proxy.connection;

import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.http2.ErrorCode;
import dev.turnout.proxy.http2.Http2Limits;
import dev.turnout.proxy.http2.ReceiveWindow;
import dev.turnout.proxy.http2.StreamIds;
import io.netty.buffer.ByteBuf;

/** The connection that carries a stream to a target. Event loop only. */
interface Http2Carrier {

    /** Returns true if the connection takes new streams. */
    boolean isOpen();

    /** Returns true if the target takes extended CONNECT (RFC 8441). */
    boolean takesTunnels();

    /** Returns how much data the target takes on a new stream. */
    int initialWindow();

    /** Returns what the connection may cost. */
    Http2Limits limits();

    /** Returns the place for the response of a new stream. */
    Http2Download newDownload();

    /** Scans the head of a request. What it has found holds up to the next call. */
    RequestHead scan(ByteBuf head);

    /** Opens a stream with a request's head. Returns its number. */
    int open(Http2TargetStream stream, RequestHead head, boolean isWhole);

    /** Notes that a stream has ended both ways. */
    void ended(Http2TargetStream stream, StreamIds.End how);

    /** Ends a stream before its time. */
    void reset(Http2TargetStream stream, ErrorCode code);

    /** Returns true if a stream may give more, beside what it has given. */
    boolean takesMore(int queued);

    /** Returns where what streams send goes out. */
    Http2Output output();

    /**
     * Called with each DATA frame of a stream that is sent.
     *
     * @param isCut whether the windows have made the frame as small as it is
     */
    void dataSent(int count, boolean isCut);

    /** Notes that a stream takes more again. Its exchange is told once no frame is being written. */
    void relieved(Http2TargetStream stream);

    /** Gives what was written to the system, unless that is about to happen. */
    void flush();

    /** Runs a task soon, and not in the course of what happens now. */
    void later(Runnable task);

    /** Sends the WINDOW_UPDATE of a stream if it is worth one, and memory is not short. */
    void updateWindow(int id, ReceiveWindow of);
}
