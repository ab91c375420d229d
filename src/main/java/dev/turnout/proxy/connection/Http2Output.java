package dev.turnout.proxy.connection;

import dev.turnout.proxy.http1.FieldLines;
import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http2.BlockWriter;
import dev.turnout.proxy.http2.ErrorCode;
import dev.turnout.proxy.http2.FrameScanner;
import dev.turnout.proxy.http2.FrameWriter;
import dev.turnout.proxy.http2.SendWindow;
import dev.turnout.proxy.loop.Buffers;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What goes out on one HTTP/2 connection. Frames that come together leave in one buffer. Streams with data take turns,
 * one DATA frame each, as far as the windows and the system's buffer allow. Event loop only.
 */
final class Http2Output {

    /** Data up to this size is copied between the frames. */
    private static final int COPIED = 4 * 1024;

    /**
     * What was written is given to the system after so many bytes: only then it is known what the client takes. An answer of
     * 64 KiB leaves in one piece.
     */
    private static final int FLUSHED = 96 * 1024;

    /** A stream that has data for the peer. */
    interface Source {

        /**
         * Writes its next DATA frame, and what comes behind its last one.
         *
         * @return true if there is more data that the peer takes
         */
        boolean send();
    }

    private final Channel channel;
    private final Http2Scratch scratch;
    private final SendWindow window;
    private final Consumer<Throwable> failure;
    private final ArrayDeque<Source> ready = new ArrayDeque<>(4);
    private boolean isFirstBlock = true;
    private boolean sending;
    private int unflushed;

    /** @param failure ends the connection, since its peer would miss frames */
    Http2Output(Channel channel, Http2Scratch scratch, SendWindow window, Consumer<Throwable> failure) {
        this.channel = channel;
        this.scratch = scratch;
        this.window = window;
        this.failure = failure;
    }

    /** Returns where frames are written. {@link #emit} is to follow before anything else happens. */
    HeadWriter frames() {
        return scratch.frames(this);
    }

    /** Returns how many bytes of data the connection takes now. */
    int window() {
        return window.available();
    }

    // --- Header blocks ---------------------------------------------------------------------------------------------

    /** Returns what writes the fields of a block between {@link #beginBlock} and {@link #endBlock}. */
    BlockWriter fields() {
        return scratch.writer();
    }

    /** Begins a block behind the frames that were written. Returns where it begins. */
    int beginBlock() {
        int begun = FrameWriter.beginBlock(frames());
        if (isFirstBlock) {
            isFirstBlock = false;
            fields().first(frames());
        }
        return begun;
    }

    /** Puts the headers of frames around a block. */
    void endBlock(int begun, int stream, boolean endsStream) {
        FrameWriter.endBlock(begun, stream, endsStream, FrameScanner.LARGEST_PAYLOAD, frames());
    }

    /** Returns where {@link #trailer} takes its fields from. */
    FieldLines trailerFields() {
        return scratch.trailer();
    }

    /** Writes a trailer, which ends the stream. Returns false if none of its fields may be sent. */
    boolean trailer(int stream) {
        HeadWriter frames = frames();
        int begun = beginBlock();
        if (!fields().trailer(trailerFields(), frames)) {
            frames.truncate(begun);
            return false;
        }
        endBlock(begun, stream, true);
        return true;
    }

    // --- Other frames ----------------------------------------------------------------------------------------------

    void acknowledgeSettings() {
        FrameWriter.settingsAcknowledgement(frames());
        emit();
    }

    /** Writes a PING. */
    void ask() {
        FrameWriter.ping(0, false, frames());
        emit();
    }

    /** Answers a PING. */
    void answer(long opaque) {
        FrameWriter.ping(opaque, true, frames());
        emit();
    }

    void windowUpdate(int stream, int increment) {
        FrameWriter.windowUpdate(stream, increment, frames());
        emit();
    }

    void reset(int stream, ErrorCode code) {
        FrameWriter.reset(stream, code, frames());
        emit();
    }

    /** Says which stream is the last, and why. */
    void goAway(int lastStream, ErrorCode code, byte[] words) {
        FrameWriter.goAway(lastStream, code, words, frames());
        emit();
        flush();
    }

    // --- Data ------------------------------------------------------------------------------------------------------

    /** Writes a DATA frame, whose data is released here; null for one without data. */
    void data(int stream, @Nullable ByteBuf data, boolean endsStream) {
        HeadWriter frames = frames();
        int count = data == null ? 0 : data.readableBytes();
        FrameWriter.dataHeader(count, endsStream, stream, frames);
        if (data == null) {
            return;
        }
        window.spend(count);
        if (count <= COPIED) {
            int at = frames.reserve(count);
            data.readBytes(frames.bytes(), at, count);
            data.release();
        } else {
            emit();
            write(data);
        }
    }

    /** Gives the frames that were written to the channel. The connection fails if there is no memory for them. */
    void emit() {
        try {
            emitOrThrow();
        } catch (RuntimeException | Error e) {
            failure.accept(e);
        }
    }

    /** As {@link #emit}, but throws if there is no memory. For frames that the peer does not miss then. */
    void emitOrThrow() {
        HeadWriter frames = frames();
        if (frames.length() == 0) {
            return;
        }
        ByteBuf out;
        try {
            out = channel.alloc().directBuffer(frames.length()).writeBytes(frames.bytes(), 0, frames.length());
        } finally {
            frames.clear();
        }
        write(out);
    }

    private void write(ByteBuf out) {
        unflushed += out.readableBytes();
        channel.write(out, channel.voidPromise());
    }

    /** Sends what a stream has, in its turn. */
    void offer(Source source) {
        ready.add(source);
        send();
    }

    /** Sends what streams have, as far as it is taken. */
    void send() {
        if (sending) {
            return;
        }
        sending = true;
        try {
            while (!ready.isEmpty() && window.available() > 0 && isWritable()) {
                Source source = ready.remove();
                if (source.send()) {
                    ready.add(source);
                }
                if (ready.isEmpty() || frames().length() > COPIED) {
                    emit();
                }
                if (unflushed > FLUSHED) {
                    flush();
                }
            }
            emit();
        } finally {
            sending = false;
        }
    }

    /** Returns true if the channel takes more, now that the system has what it takes. */
    private boolean isWritable() {
        if (!channel.isWritable()) {
            flush();
        }
        return channel.isWritable();
    }

    /** Forgets a stream that has nothing to send any more. */
    void withdraw(Source source) {
        ready.remove(source);
    }

    /** Gives what was written to the system. */
    void flush() {
        if (unflushed > 0) {
            unflushed = 0;
            channel.flush();
        }
    }

    /** Returns how many bytes the system has yet to take. */
    long backlog() {
        return Buffers.backlog(channel);
    }
}
