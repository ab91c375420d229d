package dev.turnout.fleet;

import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Work that may block, on other threads than the fleet's. Its caller marks the work as under way, and begins no other one
 * meanwhile: a mark that stayed would end such work for good. Any thread.
 */
final class AsideWork {

    private static final Logger LOG = Logger.getLogger(AsideWork.class);

    private final Executor threads;
    private final Consumer<Runnable> later;

    /** @param later runs tasks on the fleet's thread */
    AsideWork(Executor threads, Consumer<Runnable> later) {
        this.threads = threads;
        this.later = later;
    }

    /**
     * Begins work.
     *
     * @param unmark takes back the mark of the work. Called at once if the work can't begin, as when the system gives no more
     *     threads, and on the fleet's thread if the work ends in an error.
     * @return whether the work has begun
     */
    boolean begin(Runnable work, Runnable unmark) {
        try {
            threads.execute(() -> run(work, unmark));
            return true;
        } catch (RuntimeException | Error e) {
            unmark.run();
            LOG.errorf(e, "Work for the fleet could not begin");
            return false;
        }
    }

    private void run(Runnable work, Runnable unmark) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            later.accept(unmark);
            LOG.errorf(e, "Work for the fleet ended in an error");
        }
    }
}
