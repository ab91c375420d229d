package dev.turnout.proxy.loop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What one event loop has for itself: its place among the event loops, its time-outs, its tick, and its view of the
 * memory for buffers. Event loop only.
 */
public final class LoopContext {

    private static final long MEASURED_AFTER = 512 * 1024;

    /** What is read is mostly passed on before the next read. */
    private static final int READ_BUFFERS = 16;

    /** The heads of requests are kept until these have been answered. */
    private static final int HEAD_BUFFERS = 256;

    private final int index;
    private final EventLoop eventLoop;
    private final Stopping stopping;
    private final BufferBudget buffers;
    private final Deadlines deadlines;
    private final DateLine dateLine = new DateLine(System::currentTimeMillis);
    private final Pipes pipes;
    private final SpareBuffers readBuffers = new SpareBuffers(Buffers.SMALLEST_READ, READ_BUFFERS);
    private final SpareBuffers headBuffers = new SpareBuffers(Buffers.SMALL, HEAD_BUFFERS);
    private final List<TickTask> tickTasks = new ArrayList<>();
    private long keptBytes;
    private boolean wasTight;

    private record TickTask(String name, Runnable task) {}

    /** @param index the place of the event loop among all event loops; the first one is 0 */
    public LoopContext(int index, EventLoop eventLoop, Stopping stopping, BufferBudget buffers, Pipes pipes) {
        this(index, eventLoop, stopping, buffers, pipes, new Deadlines());
    }

    LoopContext(
            int index, EventLoop eventLoop, Stopping stopping, BufferBudget buffers, Pipes pipes, Deadlines deadlines) {
        this.index = index;
        this.eventLoop = eventLoop;
        this.stopping = stopping;
        this.buffers = buffers;
        this.pipes = pipes;
        this.deadlines = deadlines;
        atTick("The turning of the time-outs", deadlines::turn);
        atTick("The measuring of buffers", this::measureBuffers);
    }

    /**
     * Has a task run at each tick, behind those that were registered before. To be called before {@link #start}.
     *
     * @param name names the task in the log
     */
    public void atTick(String name, Runnable task) {
        tickTasks.add(new TickTask(name, task));
    }

    /** Starts the ticks. */
    public void start() {
        eventLoop.scheduleAtFixedRate(this::tick, Deadlines.TICK_MILLIS, Deadlines.TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Runs all tasks of the tick. A task that throws prevents neither the other tasks nor the next tick. */
    private void tick() {
        for (TickTask each : tickTasks) {
            Isolated.run(each.name(), each.task());
        }
    }

    /** Wraps a listener so that it is called on this event loop, on whatever thread the future ends. */
    public <T> GenericFutureListener<Future<T>> onLoop(Consumer<Future<T>> listener) {
        return future -> runOnLoop(() -> listener.accept(future));
    }

    /** Runs a task on this event loop: now if the caller's thread is the event loop's, else soon. Any thread. */
    void runOnLoop(Runnable task) {
        if (eventLoop.inEventLoop()) {
            task.run();
        } else {
            eventLoop.execute(task);
        }
    }

    /** Returns what has a task run once all that came in the same turn of this event loop has been looked at. */
    public TurnEnd turnEnd(Runnable task) {
        return new TurnEnd(eventLoop, task);
    }

    public int index() {
        return index;
    }

    public EventLoop eventLoop() {
        return eventLoop;
    }

    public Deadlines deadlines() {
        return deadlines;
    }

    /** Returns true if connections are to end with the response that they are at. */
    public boolean isStopping() {
        return stopping.hasBegun();
    }

    /** Returns the Date field line of now, with its CRLF. */
    public byte[] dateLine() {
        return dateLine.now();
    }

    public Pipes pipes() {
        return pipes;
    }

    /** Returns the buffers for small reads. */
    SpareBuffers readBuffers() {
        return readBuffers;
    }

    /** Returns an empty buffer for the head of a request, to be released by the caller. Size in bytes. */
    public ByteBuf headBuffer(ByteBufAllocator allocator, int size) {
        return headBuffers.take(allocator, size);
    }

    /** Gives back what is kept for later reads and bodies: this event loop ends. */
    public void close() {
        pipes.close();
        readBuffers.close();
        headBuffers.close();
    }

    public BufferBudget buffers() {
        return buffers;
    }

    /** Returns true if memory for buffers is short. What the caller then holds back is to go on at a later tick. */
    public boolean isTight() {
        boolean isTight = buffers.isTight();
        wasTight |= isTight;
        return isTight;
    }

    /** Returns true if {@link #isTight} was true since the last call, or memory is still short: something may be held back. */
    public boolean takeTight() {
        boolean before = wasTight;
        wasTight = before && buffers.isTight();
        return before;
    }

    /** Notes bytes that a peer did not take at once, so that many of them are noticed before the next tick. */
    public void countKept(long bytes) {
        keptBytes += bytes;
        if (keptBytes > MEASURED_AFTER) {
            measureBuffers();
        }
    }

    private void measureBuffers() {
        keptBytes = 0;
        buffers.measure();
    }
}
