package dev.turnout.support;

/** Waits for threads of tests. */
final class Threads {

    private Threads() {}

    /** Waits for the end of all of them, however long that takes. */
    static void join(Iterable<Thread> threads) {
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }
}
