package dev.turnout.nginx;

import java.util.Optional;
import org.jboss.logging.Logger;

/** The lines of the log that say when drift begins and when drift ends. One thread only. */
final class DriftLog implements Runnable {

    private final IncludeWatch watch;
    private final Logger log;
    private Optional<String> last = Optional.empty();

    DriftLog(IncludeWatch watch, Logger log) {
        this.watch = watch;
        this.log = log;
    }

    /** Looks at the include file. A fault ends this look, and not the later looks. */
    @Override
    public void run() {
        try {
            look();
        } catch (RuntimeException | Error e) {
            log.error("The include file could not be looked at", e);
        }
    }

    private void look() {
        Optional<String> now = watch.drift();
        if (!now.equals(last)) {
            now.ifPresentOrElse(log::warn, () -> log.info("the include file is as it should be again"));
        }
        last = now;
    }
}
