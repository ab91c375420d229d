package dev.turnout.proxy.folder;

import dev.turnout.config.DaemonThread;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

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

    public FileThreads() {
        this(threads(), MOST);
    }

    FileThreads(Executor threads, int most) {
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

    /** Runs a task of an answer that has a place. */
    public void run(Runnable task) {
        threads.execute(task);
    }
}
