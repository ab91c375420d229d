package dev.turnout.log;

import dev.turnout.text.Counted;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
     * Writes a line for each service with failed requests, or one line if their numbers don't come in time. Blocks.
     *
     * @param failures as in {@link #write(Map)}
     * @param mostMillis how long to wait for them
     */
    public void write(CompletionStage<Map<String, Map<String, Long>>> failures, long mostMillis) {
        try {
            write(failures.toCompletableFuture().get(mostMillis, TimeUnit.MILLISECONDS));
        } catch (TimeoutException late) {
            log.warnf(
                    "An event loop has not answered for %d ms. The log lacks the requests that failed in the last %d s;"
                            + " turnout_own_answers_total counts them. If this goes on, look at the load of the CPUs.",
                    mostMillis, seconds);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException broken) {
            throw new IllegalStateException(broken.getCause());
        }
    }

    /**
     * Writes a line for each service with failed requests.
     *
     * @param failures how many requests failed, by service and then by cause; the service of requests that were refused
     *     before their service was known is empty
     */
    void write(Map<String, Map<String, Long>> failures) {
        failures.forEach((service, causes) -> {
            long sum = causes.values().stream().mapToLong(Long::longValue).sum();
            log.warnf(
                    "%s%s failed in %d s: %s",
                    service.isEmpty() ? "" : service + ": ",
                    Counted.requests(sum),
                    seconds,
                    causes.entrySet().stream()
                            .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                                    .thenComparing(Map.Entry.comparingByKey()))
                            .map(cause -> cause.getKey() + " " + cause.getValue())
                            .collect(Collectors.joining(", ")));
        });
    }
}
