package dev.turnout.proxy.connection;

import dev.turnout.proxy.http1.FieldLines;
import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http2.BlockReader;
import dev.turnout.proxy.http2.BlockWriter;
import dev.turnout.proxy.http2.FrameScanner;
import dev.turnout.proxy.http2.Preface;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What one event loop reads and writes HTTP/2 with, for one frame at a time: no frame costs an object. Event loop only.
 */
public final class Http2Scratch {

    private final byte[] payload = new byte[FrameScanner.LARGEST_PAYLOAD];
    private final BlockReader reader;
    private final BlockWriter writer = new BlockWriter();
    private final HeadWriter frames = new HeadWriter();
    private @Nullable Object lastWriter;
    private final FieldLines trailer = new FieldLines();
    private final WebSocketKey webSocketKey = new WebSocketKey();

    /** @param headerList the largest list of fields, by RFC 9113, section 6.5.2 */
    public Http2Scratch(int headerList) {
        this.reader = new BlockReader(headerList);
    }

    /** Returns where the payload of a frame is copied to. */
    byte[] payload() {
        return payload;
    }

    /** Returns what the first bytes of a connection are. */
    Preface preface(ByteBuf in) {
        int count = Math.min(in.readableBytes(), Preface.LENGTH);
        in.getBytes(in.readerIndex(), payload, 0, count);
        return Preface.of(payload, 0, count);
    }

    BlockReader reader() {
        return reader;
    }

    BlockWriter writer() {
        return writer;
    }

    /** Returns where a connection writes its frames. What another one has left there, by a fault, is dropped. */
    HeadWriter frames(Object of) {
        if (lastWriter != of) {
            lastWriter = of;
            frames.clear();
        }
        return frames;
    }

    /** Returns where a trailer is scanned into. */
    FieldLines trailer() {
        return trailer;
    }

    WebSocketKey webSocketKey() {
        return webSocketKey;
    }
}
