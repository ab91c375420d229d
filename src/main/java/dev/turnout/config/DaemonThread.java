package dev.turnout.config;

/** The way to make threads that do not keep the process alive. */
public final class DaemonThread {

    private DaemonThread() {}

    /** Returns a daemon thread that has not been started. */
    public static Thread of(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Starts a daemon thread and returns the thread. */
    public static Thread start(String name, Runnable work) {
        Thread thread = of(name, work);
        thread.start();
        return thread;
    }
}
