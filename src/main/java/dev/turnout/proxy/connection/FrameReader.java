package dev.turnout.proxy.connection;

import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http2.FrameScanner;
import dev.turnout.proxy.http2.FrameType;
import dev.turnout.proxy.http2.Violation;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Finds the frames in what a peer sends over HTTP/2, and puts the parts of header blocks together. DATA is told of as it
 * comes, all else once it is whole. Event loop only.
 */
final class FrameReader {

    /** What is told of the frames. The facts are those of the scanner, up to the return of the method. */
    interface Listener {

        /** Called when a DATA frame has begun. */
        void dataBegins(FrameScanner frame);

        /**
         * Called with data.
         *
         * @param in so many bytes are to be read from it
         */
        void data(FrameScanner frame, ByteBuf in, int count);

        /** Called when a DATA frame has ended. */
        void dataEnds(FrameScanner frame);

        /** Called with each CONTINUATION. */
        void continued();

        /**
         * Called with a whole header block.
         *
         * @param ofStream what the frames have done wrong that ends their stream; null if nothing
         */
        void block(FrameScanner frame, byte[] bytes, int from, int to, @Nullable Violation ofStream);

        /**
         * Called with a frame of any other type.
         *
         * @param payload begins with the payload
         */
        void control(FrameScanner frame, byte[] payload);

        /**
         * Called when a frame is against the rules.
         *
         * @param stream whose frame it is; 0 for the connection
         */
        void violated(Violation violation, int stream);

        /** Returns true if nothing is to be read any more. */
        boolean isOver();
    }

    private final FrameScanner frame;
    private final byte[] scratch;
    private final Listener listener;
    private @Nullable HeadWriter block;
    private @Nullable Violation ofStream;
    private boolean inFrame;
    private boolean isPassedBy;

    /** @param scratch at least as long as a frame may be */
    FrameReader(FrameScanner frame, byte[] scratch, Listener listener) {
        this.frame = frame;
        this.scratch = scratch;
        this.listener = listener;
    }

    /**
     * Takes one step.
     *
     * @param in what was read of it is taken; the rest stays readable
     * @return false if more has to come first
     */
    boolean read(ByteBuf in) {
        if (!inFrame) {
            return in.readableBytes() >= FrameScanner.HEADER_LENGTH && header(in);
        }
        if (frame.type() == FrameType.DATA && !isPassedBy) {
            return data(in);
        }
        if (in.readableBytes() < frame.length()) {
            return false;
        }
        in.readBytes(scratch, 0, frame.length());
        inFrame = false;
        if (!isPassedBy) {
            payload();
        }
        return true;
    }

    /** Returns true if a header block has begun and has not ended. */
    boolean isWithinBlock() {
        return block != null;
    }

    /** Returns how many bytes of a header block are kept. */
    int kept() {
        return block == null ? 0 : block.bytes().length;
    }

    private boolean header(ByteBuf in) {
        long eight = in.readLong();
        Violation violation = frame.header(eight, in.readByte());
        inFrame = true;
        isPassedBy = violation != null;
        if (violation != null) {
            listener.violated(violation, frame.stream());
        } else if (frame.type() == FrameType.DATA) {
            listener.dataBegins(frame);
        }
        return true;
    }

    private boolean data(ByteBuf in) {
        if (frame.wantsPadding()) {
            if (!in.isReadable()) {
                return false;
            }
            Violation violation = frame.padding(in.readByte());
            if (violation != null) {
                listener.violated(violation, frame.stream());
                return false;
            }
        }
        int count = Math.min(frame.dataRemaining(), in.readableBytes());
        if (count > 0) {
            frame.skipData(count);
            listener.data(frame, in, count);
        }
        int padding = frame.dataRemaining() > 0 ? 0 : Math.min(frame.paddingRemaining(), in.readableBytes());
        in.skipBytes(padding);
        frame.skipPadding(padding);
        if (frame.dataRemaining() > 0 || frame.paddingRemaining() > 0) {
            return false;
        }
        inFrame = false;
        listener.dataEnds(frame);
        return true;
    }

    private void payload() {
        Violation violation = frame.payload(scratch, 0);
        boolean isOfBlock = frame.type() == FrameType.HEADERS || frame.type() == FrameType.CONTINUATION;
        if (violation != null && (!isOfBlock || violation.endsConnection())) {
            listener.violated(violation, frame.stream());
        } else if (isOfBlock) {
            fragment(violation);
        } else {
            listener.control(frame, scratch);
        }
    }

    private void fragment(@Nullable Violation violation) {
        if (frame.type() == FrameType.HEADERS) {
            ofStream = violation;
        } else {
            listener.continued();
        }
        HeadWriter begun = block;
        if (begun == null && frame.isEndOfBlock()) {
            listener.block(frame, scratch, frame.fragmentStart(), frame.fragmentEnd(), ofStream);
            return;
        }
        if (begun == null) {
            begun = new HeadWriter();
            block = begun;
        }
        begun.append(scratch, frame.fragmentStart(), frame.fragmentEnd());
        if (frame.isEndOfBlock()) {
            block = null;
            listener.block(frame, begun.bytes(), 0, begun.length(), ofStream);
        }
    }
}
