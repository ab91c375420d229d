package dev.turnout.nginx;

import java.util.Optional;
import org.jboss.logging.Logger;

/** The lines of the log that say when drift begins and when drift ends. One thread only. */
final class DriftLog implements Runnable {

    private static final Logger LOG = Logger.getLogger(NginxPlane.class);

    private final IncludeWatch watch;
    private Optional<String> last = Optional.empty();

    DriftLog(IncludeWatch watch) {
        this.watch = watch;
    }

    /** Looks at the include file. A fault ends this look, and not the later looks. */
    @Override
    public void run() {
        try {
            look();
        } catch (RuntimeException e) {
            LOG.error("The include file could not be looked at", e);
        }
    }

    private void look() {
        Optional<String> now = watch.drift();
        if (!now.equals(last)) {
            now.ifPresentOrElse(LOG::warn, () -> LOG.info("the include file is as it should be again"));
        }
        last = now;
    }
}
