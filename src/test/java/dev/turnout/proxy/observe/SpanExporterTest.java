package dev.turnout.proxy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.HeaderLine;
import dev.turnout.proxy.exchange.TracedAttempt;
import dev.turnout.proxy.exchange.TracedRequest;
import dev.turnout.support.Await;
import dev.turnout.support.Collector;
import dev.turnout.support.LoggedLines;
import dev.turnout.support.Ports;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The export of spans")
@Timeout(60)
final class SpanExporterTest {

    private static final int QUEUE = 4_096;

    private final Collector collector = Collector.start();
    private final SpanExporter.Counts counts = new SpanExporter.Counts();
    private SpanExporter exporter;

    @AfterEach
    void close() {
        exporter.close();
        collector.close();
    }

    private void start(String url) {
        start(url, List.of(), false);
    }

    private void start(String url, List<HeaderLine> headers, boolean isCompressed) {
        exporter = new SpanExporter(
                new SpanSettings(URI.create(url), "turnout", headers, isCompressed, Optional.empty()),
                target -> false,
                counts,
                Duration.ofMillis(10));
        exporter.begin();
    }

    private static TracedRequest request(String path) {
        return request(path, List.of());
    }

    private static TracedRequest request(String path, List<TracedAttempt> attempts) {
        return new TracedRequest(
                1,
                2,
                0,
                3,
                0,
                0,
                0,
                "shop",
                "GET",
                path,
                "",
                "",
                "http",
                "a",
                "",
                "127.0.0.1",
                "HTTP/1.1",
                200,
                false,
                null,
                attempts);
    }

    /** An attempt whose spans can't be made: the memory is out when one asks for it. */
    private static final class Broken extends AbstractList<TracedAttempt> {

        @Override
        public TracedAttempt get(int index) {
            throw new OutOfMemoryError("of a test");
        }

        @Override
        public int size() {
            return 1;
        }
    }

    @Test
    @DisplayName("drops a batch at an error that is no exception, and goes on with the next")
    void an_error_does_not_end_it() {
        start(collector.url());

        exporter.take(request("/first", new Broken()));
        Await.until("it is counted", () -> counts.dropped().sum() == 1);
        exporter.take(request("/second"));

        assertThat(collector.await(1)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 502, 503, 504})
    @DisplayName("tries a batch again that the collector can't take now")
    void what_passes_is_tried_again(int status) {
        collector.refuse(status, "");
        collector.refuse(status, "");
        start(collector.url());

        exporter.take(request("/"));

        collector.await(1);
        Await.until("it is counted", () -> counts.sent().sum() == 1);
        assertThat(collector.refused()).hasSize(2);
        assertThat(counts.dropped().sum()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 400, 401, 404, 413, 500, 501})
    @DisplayName("drops a batch that the collector will not take, and goes on with the next")
    void what_does_not_pass_is_dropped(int status) {
        collector.refuse(status, "1");
        start(collector.url());

        exporter.take(request("/first"));
        Await.until("it is counted", () -> counts.dropped().sum() == 1);
        exporter.take(request("/second"));

        assertThat(collector.await(1)).hasSize(1);
        assertThat(collector.refused()).hasSize(1);
    }

    @Test
    @DisplayName("waits as long as the collector asks for")
    void a_collector_may_ask_for_time() {
        collector.refuse(503, "1");
        start(collector.url());

        exporter.take(request("/"));

        collector.await(1);
        assertThat(Duration.between(collector.refused().get(0), Instant.now()))
                .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    @DisplayName("to a collector that is down says so once, keeps a bounded number, and says when it is back")
    void a_dead_collector_is_told_of_once() {
        int port = Ports.next();
        List<String> told = new ArrayList<>();
        try (LoggedLines log = new LoggedLines("dev.turnout")) {
            start("http://127.0.0.1:" + port + "/v1/traces");
            for (int i = 0; i < 3 * QUEUE; i++) {
                exporter.take(request("/"));
            }
            Await.until("batches are given up", () -> counts.dropped().sum() > 2 * QUEUE);
            try (Collector back = Collector.at(port)) {
                exporter.take(request("/"));
                back.await(1);
                Await.until(
                        "that is told",
                        () -> told.addAll(log.take())
                                && told.get(told.size() - 1).contains("takes spans again"));
            }
        }
        assertThat(told)
                .filteredOn(line -> line.contains("does not take spans"))
                .singleElement()
                .asString()
                .contains("can't be reached", "Requests are not affected", "turnout.tracing.url");
    }

    @Test
    @DisplayName("sends the headers of the operator, and compresses if that is asked for")
    void headers_and_gzip() {
        start(collector.url(), List.of(new HeaderLine("Authorization", "Bearer s3cret")), true);

        exporter.take(request("/" + "x".repeat(4_000)));

        assertThat(collector.await(1)).hasSize(1);
        assertThat(collector.headers().get(0))
                .containsEntry("Authorization", List.of("Bearer s3cret"))
                .containsEntry("Content-encoding", List.of("gzip"));
        assertThat(collector.bytes()).isLessThan(1_000);
    }

    @Test
    @DisplayName("counts the spans that the collector does not keep, and tells of them once")
    void a_partial_success_is_counted() {
        collector.reject(3, "too\nold");
        collector.reject(4, "too old");
        collector.reject(0, "a warning");
        try (LoggedLines log = new LoggedLines("dev.turnout")) {
            start(collector.url());
            for (int i = 1; i <= 3; i++) {
                exporter.take(request("/" + i));
                collector.await(i);
            }
            Await.until("all are counted", () -> counts.sent().sum() == 3);

            assertThat(counts.rejected().sum()).isEqualTo(7);
            assertThat(counts.dropped().sum()).isZero();
            assertThat(log.take())
                    .singleElement()
                    .asString()
                    .contains("3 spans of this batch are rejected", "turnout_rejected_spans_total")
                    .doesNotContain("\n");
        }
    }

    @Test
    @DisplayName("keeps a bounded number of bytes")
    void large_requests_have_less_room() {
        start("http://127.0.0.1:" + Ports.next() + "/v1/traces");
        TracedRequest large = request("/".repeat(1 << 20));
        for (int i = 0; i < 100; i++) {
            exporter.take(large);
        }

        assertThat(counts.dropped().sum()).isGreaterThanOrEqualTo(90);
    }

    @Test
    @DisplayName("sends what waits at the end")
    void the_end_loses_nothing() {
        start(collector.url());
        for (int i = 0; i < 1_500; i++) {
            exporter.take(request("/" + i));
        }

        exporter.close();

        assertThat(collector.spans()).hasSize(1_500);
        assertThat(counts.sent().sum()).isEqualTo(1_500);
        assertThat(counts.dropped().sum()).isZero();
    }
}
