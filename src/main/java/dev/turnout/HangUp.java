package dev.turnout;

import org.jboss.logging.Logger;
import sun.misc.Signal;

/** The signal SIGHUP. It would end the process with 0, and systemd would not start the process again. */
final class HangUp {

    private static final Logger LOG = Logger.getLogger("dev.turnout");
    private static final String SIGNAL = "HUP";

    private HangUp() {}

    /** Ignores the signal from now on, up to {@link #handle}: Turnout is being started, and reads its configuration. */
    static void ignore() {
        handle(() -> LOG.warn("SIGHUP is ignored while Turnout is being started"));
    }

    /** Calls a task for each signal from now on, on a thread of the JVM. The task must not block. */
    static void handle(Runnable task) {
        try {
            Signal.handle(new Signal(SIGNAL), signal -> task.run());
        } catch (IllegalArgumentException e) {
            // The JVM was told to leave signals alone (-Xrs), or has no signal of this name.
            LOG.debugf("SIGHUP is as the system has it: %s", e.getMessage());
        }
    }
}
