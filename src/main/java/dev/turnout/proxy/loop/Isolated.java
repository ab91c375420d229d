package dev.turnout.proxy.loop;

import org.jboss.logging.Logger;

/** Runs tasks of which none may keep another one from running, whatever it throws. */
public final class Isolated {

    private static final Logger LOG = Logger.getLogger(Isolated.class);

    private Isolated() {}

    /**
     * Runs a task, and logs what it throws.
     *
     * @param what names the task in the log
     * @return false if it threw
     */
    public static boolean run(String what, Runnable task) {
        try {
            task.run();
            return true;
        } catch (Throwable e) {
            report(what, e);
            return false;
        }
    }

    /** Logging may fail for the same reason as the task did: for want of memory. */
    private static void report(String what, Throwable failure) {
        try {
            LOG.errorf(failure, "%s failed on a fault of Turnout's own", what);
        } catch (Throwable e) {
            // Nothing more can be done, and the next task is to run.
        }
    }
}
