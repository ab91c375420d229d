package dev.turnout.proxy.loop;

import io.netty.channel.EventLoop;
import java.util.function.LongSupplier;

/** Deadlines whose time a test moves. */
public final class ManualDeadlines {

    /** A deadline fires up to two ticks late. Milliseconds. */
    public static final long LATE_MILLIS = 2 * Deadlines.TICK_MILLIS;

    private final Deadlines deadlines = new Deadlines(this::millis);
    private long millis;

    public Deadlines deadlines() {
        return deadlines;
    }

    /** Returns an event loop's context with these deadlines. */
    public LoopContext loop(EventLoop eventLoop, Stopping stopping) {
        return new LoopContext(0, eventLoop, stopping, BufferBudget.ofDirectMemory(), new Pipes(0, 1), deadlines);
    }

    /**
     * Returns an event loop's context with these deadlines, whose buffers a test counts.
     *
     * @param used how much the buffers take; memory is short where this is more than 1
     */
    public LoopContext loop(EventLoop eventLoop, Stopping stopping, LongSupplier used) {
        return new LoopContext(0, eventLoop, stopping, new BufferBudget(used, 2), new Pipes(0, 1), deadlines);
    }

    /** Moves the time, and times out what is due. */
    public void pass(long time) {
        millis += time;
        deadlines.turn();
    }

    /** Returns the time. Milliseconds. */
    public long millis() {
        return millis;
    }
}
