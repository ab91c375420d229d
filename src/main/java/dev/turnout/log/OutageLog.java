package dev.turnout.log;

import dev.turnout.log.OutageEvent.NobodyLeft;
import dev.turnout.log.OutageEvent.ServedAgain;
import dev.turnout.log.OutageEvent.TargetBack;
import dev.turnout.log.OutageEvent.TargetDown;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * The lines of outages in the log. A target or a service that changes all the time gets {@value #LINES} lines a minute,
 * and then one that counts the rest. One thread at a time.
 */
public final class OutageLog {

    private static final int LINES = 6;
    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final Logger log;
    private final Map<String, Subject> subjects = new HashMap<>();

    /** What lines are about, and how the last line that was left out would have ended. */
    private static final class Subject {
        private final Allowance allowance = new Allowance(LINES, PERIOD);
        private String now = "";
    }

    public OutageLog(Logger log) {
        this.log = log;
    }

    /** Writes an event. */
    public void accept(OutageEvent event) {
        if (event instanceof TargetDown down) {
            String target = down.service() + ": " + down.target();
            if (isAllowed(target, "DOWN", down.at())) {
                log.warnf("%s is DOWN %s", target, down.reason());
            }
        } else if (event instanceof TargetBack back) {
            String target = back.service() + ": " + back.target();
            if (!back.isUp()) {
                log.infof("%s was DOWN for %s, and is no target any more", target, Lasted.of(back.lasted()));
            } else if (isAllowed(target, "UP", back.at())) {
                log.infof("%s is UP again after %s", target, Lasted.of(back.lasted()));
            }
        } else if (event instanceof NobodyLeft nobody) {
            if (isAllowed(nobody.service() + ": the service", "without any target that is up", nobody.at())) {
                log.errorf(
                        "%s: NOBODY IS LEFT to serve: no target that gets requests is up. Requests fail until one is"
                                + " back, or until you switch. %s",
                        nobody.service(), nobody.reason());
            }
        } else if (event instanceof ServedAgain served) {
            if (!served.isServed()) {
                log.infof(
                        "%s: the service was without any target for %s, and is gone",
                        served.service(), Lasted.of(served.lasted()));
            } else if (isAllowed(served.service() + ": the service", "served", served.at())) {
                log.infof("%s: served again after %s without any target", served.service(), Lasted.of(served.lasted()));
            }
        }
    }

    private boolean isAllowed(String subject, String state, Instant now) {
        Subject known = subjects.computeIfAbsent(subject, none -> new Subject());
        known.now = state;
        return known.allowance.take(now);
    }

    /** Writes how many lines were left out, once the period is over. To be called every few seconds. */
    public void tick(Instant now) {
        subjects.entrySet().removeIf(entry -> {
            Subject subject = entry.getValue();
            if (!subject.allowance.isOver(now)) {
                return false;
            }
            long skipped = subject.allowance.takeSkipped();
            if (skipped > 0) {
                log.warnf(
                        "%s changed %d more times within %d s, and is %s now",
                        entry.getKey(), skipped, PERIOD.toSeconds(), subject.now);
            }
            return true;
        });
    }
}
