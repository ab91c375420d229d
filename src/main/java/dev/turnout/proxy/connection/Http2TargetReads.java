package dev.turnout.proxy.connection;

import dev.turnout.proxy.loop.Buffers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What comes of a target in one read. First all frames are looked at. Then each stream gives its exchange what has
 * come, in one piece. At last all that was written meanwhile leaves together. Event loop only.
 */
final class Http2TargetReads {

    private final FrameReader reader;
    private final FrameReader.Listener frames;
    private final Http2Output output;
    private final ByteBufAllocator allocator;
    private final ArrayDeque<Http2TargetStream> received = new ArrayDeque<>();
    private final ArrayDeque<Http2TargetStream> relieved = new ArrayDeque<>();
    private @Nullable ByteBuf partial;
    private boolean busy;

    Http2TargetReads(FrameReader reader, FrameReader.Listener frames, Http2Output output, ByteBufAllocator allocator) {
        this.reader = reader;
        this.frames = frames;
        this.output = output;
        this.allocator = allocator;
    }

    /** Takes what has come, which is released here. */
    void read(ByteBuf in) {
        busy = true;
        try {
            readFrames(in);
            deliver();
            tellRelieved();
        } finally {
            busy = false;
        }
        output.flush();
    }

    private void readFrames(ByteBuf in) {
        ByteBuf all = in;
        if (partial != null) {
            all = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, partial, in);
            partial = null;
        }
        boolean goesOn = true;
        try {
            while (goesOn && !frames.isOver()) {
                goesOn = reader.read(all);
            }
        } finally {
            if (frames.isOver() || !all.isReadable()) {
                all.release();
            } else {
                partial = Buffers.compacted(all);
            }
        }
    }

    /** Notes a stream that has something for its exchange. */
    void received(Http2TargetStream stream) {
        if (!stream.setReadable(true)) {
            received.add(stream);
        }
    }

    private void deliver() {
        for (Http2TargetStream next = received.poll(); next != null; next = received.poll()) {
            next.setReadable(false);
            next.deliver();
        }
    }

    /** Notes a stream that takes more again. Its exchange is told once no frame is being written. */
    void relieved(Http2TargetStream stream) {
        relieved.add(stream);
    }

    private void tellRelieved() {
        for (Http2TargetStream next = relieved.poll(); next != null; next = relieved.poll()) {
            next.tellWritability();
        }
    }

    /** Gives what was written to the system, unless that is about to happen. */
    void flush() {
        if (!busy) {
            busy = true;
            tellRelieved();
            busy = false;
            output.flush();
        }
    }

    /** Releases what has come of a frame. */
    void release() {
        if (partial != null) {
            partial.release();
            partial = null;
        }
    }
}
