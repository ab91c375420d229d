package dev.turnout.proxy.connection;

import dev.turnout.proxy.exchange.TargetStream;
import dev.turnout.proxy.http1.Rejection;
import dev.turnout.proxy.http1.ResponseHead;
import dev.turnout.proxy.http1.Scan;
import dev.turnout.proxy.loop.ScanScratch;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;

/** Finds the heads of the responses that come over one HTTP/1 connection to a target. Event loop only. */
final class Http1Responses {

    private final ScanScratch scratch;
    private final StarvationWatch starvation;
    private @Nullable ByteBuf partialHead;
    private boolean readingHead;

    /** @param starvation told of each final response */
    Http1Responses(ScanScratch scratch, StarvationWatch starvation) {
        this.scratch = scratch;
        this.starvation = starvation;
    }

    /** Called when a request begins: a head comes next. */
    void expectHead() {
        readingHead = true;
    }

    /**
     * Gives what has come to the listener of the exchange.
     *
     * @param in released here, or by the listener
     */
    void received(ByteBuf in, TargetStream.Listener listener) {
        if (readingHead) {
            readHeads(whole(in), listener);
        } else {
            listener.responseBody(in);
        }
    }

    private ByteBuf whole(ByteBuf in) {
        if (partialHead == null) {
            return in;
        }
        ByteBuf before = partialHead;
        partialHead = null;
        return ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(in.alloc(), before, in);
    }

    /** Reads 1xx responses up to the final one, or up to the switch of protocols. */
    private void readHeads(ByteBuf in, TargetStream.Listener listener) {
        while (in.isReadable() && !listener.isOver()) {
            listener.responseBytes();
            ResponseHead head = scratch.responseHead();
            int length = scratch.scanResponse(in);
            if (length == Scan.INCOMPLETE) {
                partialHead = in;
                return;
            }
            if (length == Scan.REJECTED) {
                in.release();
                listener.badResponse(head.rejection());
                return;
            }
            if (!head.isInterim() || head.isSwitchingProtocols()) {
                readingHead = false;
                headEnded(head, length, in, listener);
                return;
            }
            listener.interimResponse(head);
            in.skipBytes(length);
        }
        in.release();
    }

    private void headEnded(ResponseHead head, int length, ByteBuf in, TargetStream.Listener listener) {
        if (!head.isInterim()) {
            starvation.answered();
            listener.responseHead(head, length, in);
        } else if (!listener.switchProtocols(head, length, in)) {
            in.release();
            listener.badResponse(Rejection.UNASKED_UPGRADE);
        }
    }

    /** Releases what has come of a head: the connection has ended. */
    void release() {
        if (partialHead != null) {
            partialHead.release();
            partialHead = null;
        }
    }
}
