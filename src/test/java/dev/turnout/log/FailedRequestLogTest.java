package dev.turnout.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class FailedRequestLogTest {

    private final KeptLines kept = new KeptLines(FailedRequestLogTest.class);
    private final FailedRequestLog log = new FailedRequestLog(kept.logger(), 10);

    @AfterEach
    void close() {
        kept.close();
    }

    @Test
    void a_service_gets_one_line_with_the_most_frequent_cause_first() {
        log.write(new TreeMap<>(Map.of(
                "default", Map.of("response-timeout", 12L, "connect-failed", 200L), "shop", Map.of("no-target", 1L))));

        assertThat(kept.take())
                .containsExactly(
                        "WARN default: 212 requests failed in 10 s: connect-failed 200, response-timeout 12",
                        "WARN shop: 1 request failed in 10 s: no-target 1");
    }

    @Test
    void without_failures_there_is_no_line() {
        log.write(Map.of());

        assertThat(kept.take()).isEmpty();
    }

    @Test
    void requests_whose_service_is_not_known_are_summed_up_without_one() {
        log.write(Map.of("", Map.of("too-many-connections", 3L)));

        assertThat(kept.take()).containsExactly("WARN 3 requests failed in 10 s: too-many-connections 3");
    }

    @Test
    void numbers_that_do_not_come_in_time_are_one_line_without_a_trace() {
        log.write(new CompletableFuture<>(), 1);

        assertThat(kept.take()).singleElement().asString().startsWith("WARN An event loop has not answered for 1 ms.");
    }

    @Test
    void numbers_that_come_are_written() {
        log.write(CompletableFuture.completedFuture(Map.of("shop", Map.of("no-target", 1L))), 1_000);

        assertThat(kept.take()).containsExactly("WARN shop: 1 request failed in 10 s: no-target 1");
    }
}
