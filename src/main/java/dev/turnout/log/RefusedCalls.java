package dev.turnout.log;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * The lines of calls that the admin server has refused with 401 or 403: {@value #LINES} a minute, and then one that
 * counts the rest. No line has a token. Any thread.
 */
public final class RefusedCalls {

    private static final int LINES = 10;
    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final Logger log;
    private final Clock clock;
    private final Allowance allowance = new Allowance(LINES, PERIOD);
    private final Map<Integer, Long> leftOut = new TreeMap<>();

    public RefusedCalls(Logger log, Clock clock) {
        this.log = log;
        this.clock = clock;
    }

    /**
     * Writes a line, or counts the call.
     *
     * @param caller the address that the call came from
     * @param call method and path, without the query
     * @param reason in a word, such as {@code unauthorized}
     */
    public synchronized void refused(String caller, String call, int status, String reason) {
        Instant now = clock.instant();
        tick();
        if (allowance.take(now)) {
            log.warnf("The admin port refused %s from %s with %d: %s", call, caller, status, reason);
        } else {
            leftOut.merge(status, 1L, Long::sum);
        }
    }

    /** Writes how many lines were left out, once the period is over. To be called every few seconds. */
    public synchronized void tick() {
        if (!allowance.isOver(clock.instant()) || leftOut.isEmpty()) {
            return;
        }
        log.warnf(
                "The admin port refused %d more calls within %d s: %s",
                allowance.takeSkipped(),
                PERIOD.toSeconds(),
                leftOut.entrySet().stream()
                        .map(status -> status.getKey() + " " + status.getValue() + "x")
                        .collect(Collectors.joining(", ")));
        leftOut.clear();
    }
}
