package dev.turnout.proxy.folder;

import dev.turnout.config.DaemonThread;
import dev.turnout.config.ThreadShortage;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The threads that look for files and read them, and the count of answers that have a file. Each answer has one task at
 * a time, so the count bounds the queue too. Any thread.
 */
public final class FileThreads {

    /** How many answers may have a file at a time. */
    public static final int MOST = 1024;

    private static final int THREADS = 4;
    private static final long IDLE_SECONDS = 10;

    private final Executor threads;
    private final Semaphore places;
    private final ThreadShortage shortage = new ThreadShortage("to read files");

    public FileThreads() {
        this(threads(), MOST);
    }

    /** @param threads runs the tasks */
    public FileThreads(Executor threads, int most) {
        this.threads = threads;
        this.places = new Semaphore(most);
    }

    private static Executor threads() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                work -> DaemonThread.of("turnout-files", work));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Takes a place for one answer. Returns false if there is none. */
    public boolean enter() {
        return places.tryAcquire();
    }

    /** Gives the place of an answer back. */
    public void leave() {
        places.release();
    }

    /**
     * Runs a task of an answer that has a place.
     *
     * @return false if the system gives no thread for it: then it is never run
     */
    public boolean run(Runnable task) {
        AtomicBoolean taken = new AtomicBoolean();
        try {
            threads.execute(() -> {
                if (taken.compareAndSet(false, true)) {
                    task.run();
                }
            });
            return true;
        } catch (OutOfMemoryError e) {
            shortage.noted(e);
            // The task may be in the queue nevertheless, and another thread may have taken it.
            return !taken.compareAndSet(false, true);
        }
    }

    /** Closes the file of an answer, and gives the place of the answer back then. */
    public void release(OpenFile file) {
        Runnable close = () -> {
            file.close();
            leave();
        };
        if (!run(close)) {
            close.run();
        }
    }
}
