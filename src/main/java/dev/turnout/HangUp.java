package dev.turnout;

import org.jboss.logging.Logger;
import sun.misc.Signal;

/** The signal SIGHUP. It would end the process with 0, and systemd would not start the process again. */
final class HangUp {

    private static final Logger LOG = Logger.getLogger("dev.turnout");
    private static final String SIGNAL = "HUP";

    private HangUp() {}

    /** Ignores the signal from now on. A line of the log says what to do instead. */
    static void ignore() {
        try {
            Signal.handle(
                    new Signal(SIGNAL),
                    signal -> LOG.warn("SIGHUP is ignored: Turnout goes on with the configuration of its start. To read"
                            + " it again, restart: systemctl restart turnout, or deploy/restart.sh. To stop, send"
                            + " SIGTERM."));
        } catch (IllegalArgumentException e) {
            // The JVM was told to leave signals alone (-Xrs), or has no signal of this name.
            LOG.debugf("SIGHUP is as the system has it: %s", e.getMessage());
        }
    }
}
