package dev.turnout.store;

/**
 * Work that takes back what is on the disk. A stop interrupts a change that has not ended, and an interrupted thread
 * can't write a file.
 */
public final class Uninterrupted {

    /** The work. */
    @FunctionalInterface
    public interface Work<E extends Exception> {
        void run() throws E;
    }

    private Uninterrupted() {}

    /** Runs work without the interrupt that this thread has. The thread is interrupted again afterwards. Blocks. */
    public static <E extends Exception> void run(Work<E> work) throws E {
        boolean isInterrupted = Thread.interrupted();
        try {
            work.run();
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
