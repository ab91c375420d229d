package dev.turnout.config;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The limit of a line of the log that many events would write: it is written once a minute. Any thread. */
public final class LogLimit {

    private static final long EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final AtomicLong writtenNanos = new AtomicLong(System.nanoTime() - EVERY_NANOS - 1);

    /** Returns true if the line may be written. The caller writes it then. */
    public boolean mayWrite() {
        long written = writtenNanos.get();
        long now = System.nanoTime();
        return now - written > EVERY_NANOS && writtenNanos.compareAndSet(written, now);
    }
}
