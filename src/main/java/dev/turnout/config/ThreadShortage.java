package dev.turnout.config;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/** Tells in the log, once a minute, that the system gives no further thread for some work. Any thread. */
public final class ThreadShortage {

    private static final long TOLD_EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final Logger LOG = Logger.getLogger(ThreadShortage.class);

    private final String work;
    private final AtomicLong toldNanos = new AtomicLong(System.nanoTime() - TOLD_EVERY_NANOS - 1);

    /** @param work what the threads do, as in "to read files" */
    public ThreadShortage(String work) {
        this.work = work;
    }

    /** Called when a thread could not be started. */
    public void noted(OutOfMemoryError cause) {
        long told = toldNanos.get();
        long now = System.nanoTime();
        if (now - told > TOLD_EVERY_NANOS && toldNanos.compareAndSet(told, now)) {
            LOG.errorf(
                    "The system gives no thread %s (%s). Requests that need one are refused until then. Raise TasksMax of"
                            + " the unit, the limit of processes of the container, or ulimit -u.",
                    work, cause.getMessage());
        }
    }
}
