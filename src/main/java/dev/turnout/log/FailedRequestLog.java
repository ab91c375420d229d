package dev.turnout.log;

import java.util.Comparator;
import java.util.Map;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** The line that sums up, for each service, the requests that failed in the last seconds. Any thread. */
public final class FailedRequestLog {

    private final Logger log;
    private final long seconds;

    /** @param seconds how long a summary covers */
    public FailedRequestLog(Logger log, long seconds) {
        this.log = log;
        this.seconds = seconds;
    }

    /**
     * Writes a line for each service with failed requests.
     *
     * @param failures how many requests failed, by service and then by cause; the service of requests that were refused
     *     before their service was known is empty
     */
    public void write(Map<String, Map<String, Long>> failures) {
        failures.forEach((service, causes) -> {
            long sum = causes.values().stream().mapToLong(Long::longValue).sum();
            log.warnf(
                    "%s%d %s failed in %d s: %s",
                    service.isEmpty() ? "" : service + ": ",
                    sum,
                    sum == 1 ? "request" : "requests",
                    seconds,
                    causes.entrySet().stream()
                            .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                                    .thenComparing(Map.Entry.comparingByKey()))
                            .map(cause -> cause.getKey() + " " + cause.getValue())
                            .collect(Collectors.joining(", ")));
        });
    }
}
