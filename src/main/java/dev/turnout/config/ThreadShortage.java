package dev.turnout.config;

import org.jboss.logging.Logger;

/** Tells in the log, once a minute, that the system gives no further thread for some work. Any thread. */
public final class ThreadShortage {

    private static final Logger LOG = Logger.getLogger(ThreadShortage.class);

    private final String work;
    private final LogLimit lines = new LogLimit();

    /** @param work what the threads do, as in "to read files" */
    public ThreadShortage(String work) {
        this.work = work;
    }

    /** Called when a thread could not be started. */
    public void noted(Throwable cause) {
        if (lines.mayWrite()) {
            LOG.errorf(
                    "The system gives no thread %s (%s). Requests that need one are refused until then. Raise TasksMax of"
                            + " the unit, the limit of processes of the container, or ulimit -u.",
                    work, cause.getMessage());
        }
    }
}
