package dev.turnout.proxy.exchange;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.loop.PipedBytes;
import dev.turnout.proxy.loop.PlainSocket;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The target's side of an attempt, which keeps what it is given and does what a test says. */
final class FakeTargetStream implements TargetStream {

    final StringBuilder written = new StringBuilder();
    private final Deque<FakeTargetStream> pool;
    private final Reusability reusability = new Reusability();
    Listener listener;
    boolean wasIdle;
    boolean reused;
    boolean outputBroken;
    boolean takesMore = true;
    boolean reading = true;
    boolean closed;
    boolean released;
    boolean kept;
    boolean inputShutDown;
    boolean hadContentBefore;
    boolean endsAtFlush;
    boolean queues;
    boolean hasNoMemory;
    final Deque<ByteBuf> queue = new ArrayDeque<>();
    long backlog;
    int begun;
    int takenThoughBroken;
    int keepAliveSeconds = -1;

    FakeTargetStream() {
        this(new ArrayDeque<>());
    }

    /** @param pool where the stream waits once it is kept */
    FakeTargetStream(Deque<FakeTargetStream> pool) {
        this.pool = pool;
    }

    @Override
    public void begin(Listener next, boolean hasContent) {
        assertThat(listener).as("whatever else uses the stream").isNull();
        listener = next;
        begun++;
        released = false;
        kept = false;
        written.setLength(0);
    }

    @Override
    public boolean isReused() {
        return reused;
    }

    @Override
    public boolean wasIdle() {
        return wasIdle;
    }

    @Override
    public boolean hadContentBefore() {
        return hadContentBefore;
    }

    @Override
    public Reusability reusability() {
        return reusability;
    }

    @Override
    public @Nullable PlainSocket socket() {
        return null;
    }

    @Override
    public void write(PipedBytes piece) {
        throw new AssertionError("there is no socket");
    }

    @Override
    public void splice(long count, PlainSocket to) {
        throw new AssertionError("there is no socket");
    }

    @Override
    public void write(ByteBuf bytes) {
        assertThat(listener).as("whatever uses the stream").isNotNull();
        if (hasNoMemory) {
            bytes.release();
            throw new OutOfMemoryError("none");
        }
        if (queues) {
            queue.add(bytes);
            return;
        }
        int taken = outputBroken ? Math.min(takenThoughBroken, bytes.readableBytes()) : bytes.readableBytes();
        written.append(bytes.readCharSequence(taken, ISO_8859_1));
        bytes.release();
    }

    @Override
    public void flush() {
        if (endsAtFlush) {
            end();
        }
    }

    /** Has the connection end. Whatever uses the stream is told. */
    void end() {
        TargetStream.Listener ended = listener;
        close();
        if (ended != null) {
            ended.closed();
        }
    }

    @Override
    public boolean takesMore() {
        return takesMore;
    }

    @Override
    public long backlog() {
        return backlog;
    }

    @Override
    public boolean isOutputBroken() {
        return outputBroken;
    }

    @Override
    public boolean isReading() {
        return reading;
    }

    @Override
    public void setReading(boolean on) {
        reading = on;
    }

    @Override
    public void announceKeepAlive(int seconds) {
        keepAliveSeconds = seconds;
    }

    @Override
    public void becomeTunnel(boolean halfCloses) {}

    @Override
    public void shutdownOutput() {
        inputShutDown = true;
    }

    @Override
    public void release(boolean isReusable) {
        released = true;
        kept = isReusable && !closed;
        closed |= !isReusable;
        listener = null;
        reused = true;
        wasIdle = true;
        if (kept) {
            pool.push(this);
        }
    }

    @Override
    public void closeWhenFlushed() {
        close();
    }

    @Override
    public void close() {
        closed = true;
        pool.remove(this);
        listener = null;
    }
}
