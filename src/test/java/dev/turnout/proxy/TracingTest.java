package dev.turnout.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.routing.Pool;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Collector;
import dev.turnout.support.Effect;
import dev.turnout.support.NoCertificates;
import dev.turnout.support.Ports;
import dev.turnout.tls.TargetWays;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.PropertiesConfigSource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A traced request")
@Timeout(60)
final class TracingTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";

    private final Collector collector = Collector.start();
    private final Backend backend = Backend.start().always(Effect.ok("hello"));
    private Vertx vertx;
    private DataPlane plane;

    @BeforeEach
    void begin() {
        vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
    }

    @AfterEach
    void end() {
        plane.stop(Duration.ofSeconds(1)).toCompletableFuture().join();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        backend.close();
        collector.close();
    }

    private void start(Map<String, String> settings, Target... targets) {
        Map<String, String> all = new HashMap<>(Map.of(
                "turnout.listen.host", "127.0.0.1",
                "turnout.listen.port", "0",
                "turnout.blue", backend.address(),
                "turnout.green", "127.0.0.1:1",
                "turnout.tracing.url", collector.url()));
        all.putAll(settings);
        plane = new DataPlane(
                vertx,
                new TurnoutConfig(ConfigUtils.emptyConfigBuilder()
                        .withSources(new PropertiesConfigSource(all, "test", 500))
                        .build()),
                new NoCertificates(),
                new TargetWays());
        plane.start(RoutingState.of(List.of(Service.initial(
                Service.DEFAULT,
                Pool.of(List.of(targets)),
                Pool.of(List.of(new Target("127.0.0.1", 1))),
                Instant.EPOCH))));
    }

    private Target target() {
        return new Target("127.0.0.1", backend.port());
    }

    private int get(HttpVersion version, Map<String, String> fields) {
        return vertx.createHttpClient(
                        new HttpClientOptions().setProtocolVersion(version).setHttp2ClearTextUpgrade(false))
                .request(HttpMethod.GET, plane.plainPort().orElseThrow(), "127.0.0.1", "/path/x?a=b")
                .compose(request -> sent(request, fields))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private static Future<Integer> sent(HttpClientRequest request, Map<String, String> fields) {
        fields.forEach(request::putHeader);
        return request.send().compose(answer -> answer.body().map(body -> answer.statusCode()));
    }

    private String traceparent() {
        return backend.arrivals()
                .get(backend.arrivals().size() - 1)
                .head()
                .fields()
                .only("traceparent")
                .orElse("");
    }

    private static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    @DisplayName("goes on with the trace of its sender, and leaves a span of its own and one of its attempt")
    void a_recorded_trace_goes_on(HttpVersion version) {
        start(Map.of("turnout.tracing.ratio", "0"), target());

        assertThat(get(
                        version,
                        Map.of(
                                "traceparent",
                                "00-" + TRACE + "-" + PARENT + "-01",
                                "tracestate",
                                "k=v",
                                "User-Agent",
                                "test/1")))
                .isEqualTo(200);

        List<Span> spans = collector.await(2);
        Span server = spans.get(0);
        Span client = spans.get(1);
        assertThat(spans).allSatisfy(span -> assertThat(hex(span.getTraceId())).isEqualTo(TRACE));
        assertThat(hex(server.getParentSpanId())).isEqualTo(PARENT);
        assertThat(client.getParentSpanId()).isEqualTo(server.getSpanId());
        assertThat(traceparent()).isEqualTo("00-" + TRACE + "-" + hex(client.getSpanId()) + "-01");
        assertThat(backend.arrivals().get(0).head().fields().only("tracestate").orElse(""))
                .isEqualTo("k=v");
        assertThat(server.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
        assertThat(client.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
        assertThat(server.getName()).isEqualTo("GET");
        assertThat(Collector.attributes(server))
                .containsEntry("http.request.method", "GET")
                .containsEntry("url.path", "/path/x")
                .containsEntry("url.query", "a=b")
                .containsEntry("url.scheme", "http")
                .containsEntry("server.address", "127.0.0.1")
                .containsEntry("server.port", String.valueOf(plane.plainPort().orElseThrow()))
                .containsEntry("client.address", "127.0.0.1")
                .containsEntry("network.protocol.version", version == HttpVersion.HTTP_2 ? "2" : "1.1")
                .containsEntry("user_agent.original", "test/1")
                .containsEntry("http.response.status_code", "200")
                .containsEntry("turnout.service", "default")
                .containsEntry("turnout.slot", "blue");
        assertThat(Collector.attributes(client))
                .containsEntry("server.port", String.valueOf(backend.port()))
                .containsEntry("http.response.status_code", "200")
                .containsEntry("turnout.slot", "blue")
                .doesNotContainKey("http.request.resend_count");
        assertThat(server.getStartTimeUnixNano()).isLessThanOrEqualTo(client.getStartTimeUnixNano());
        assertThat(server.getEndTimeUnixNano()).isGreaterThanOrEqualTo(client.getEndTimeUnixNano());
        long now = System.currentTimeMillis() * 1_000_000;
        assertThat(server.getEndTimeUnixNano()).isBetween(now - 60_000_000_000L, now + 1_000_000_000L);
        assertThat(Collector.attributes(server)).doesNotContainKey("error.type");
        assertThat(collector
                        .batches()
                        .get(0)
                        .getResource()
                        .getAttributes(0)
                        .getValue()
                        .getStringValue())
                .isEqualTo("turnout");
    }

    @Test
    @DisplayName("whose sender does not record it leaves no span, and the trace goes on")
    void an_unrecorded_trace_leaves_no_span() {
        start(Map.of("turnout.tracing.ratio", "1"), target());

        get(HttpVersion.HTTP_1_1, Map.of("traceparent", "00-" + TRACE + "-" + PARENT + "-00"));
        assertThat(traceparent()).matches("00-" + TRACE + "-(?!" + PARENT + ")[0-9a-f]{16}-00");
        get(HttpVersion.HTTP_1_1, Map.of());

        assertThat(collector.await(2)).noneMatch(span -> hex(span.getTraceId()).equals(TRACE));
    }

    @Test
    @DisplayName("without a trace begins one, and a broken trace is none")
    void a_trace_begins_here() {
        start(Map.of("turnout.tracing.ratio", "1"), target());

        get(HttpVersion.HTTP_1_1, Map.of("traceparent", "00-" + TRACE + "-" + PARENT, "tracestate", "k=v"));

        Span server = collector.await(2).get(0);
        assertThat(server.getParentSpanId().isEmpty()).isTrue();
        assertThat(hex(server.getTraceId())).isNotEqualTo(TRACE).hasSize(32);
        assertThat(traceparent())
                .startsWith("00-" + hex(server.getTraceId()) + "-")
                .endsWith("-01");
        assertThat(backend.arrivals().get(0).head().fields().all("tracestate")).isEmpty();
    }

    @Test
    @DisplayName("that goes elsewhere has a span for each attempt, and each target knows its own")
    void each_attempt_has_a_span() {
        Target dead = new Target("127.0.0.1", Ports.next());
        start(Map.of("turnout.tracing.ratio", "1"), dead, target());

        for (int i = 0; i < 2; i++) {
            assertThat(get(HttpVersion.HTTP_1_1, Map.of())).isEqualTo(200);
        }

        Await.until("a request has gone elsewhere", () -> collector.await(4).stream()
                .anyMatch(span -> Collector.attributes(span).containsKey("http.request.resend_count")));
        Span again = collector.await(5).stream()
                .filter(span -> Collector.attributes(span).containsKey("http.request.resend_count"))
                .findFirst()
                .orElseThrow();
        assertThat(Collector.attributes(again)).containsEntry("http.request.resend_count", "1");
        Span first = collector.await(5).stream()
                .filter(span -> span.getParentSpanId().equals(again.getParentSpanId()) && span != again)
                .findFirst()
                .orElseThrow();
        assertThat(Collector.attributes(first))
                .containsEntry("server.port", String.valueOf(dead.port()))
                .containsKey("error.type");
        assertThat(first.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
        assertThat(backend.arrivals()).anySatisfy(arrival -> assertThat(
                        arrival.head().fields().only("traceparent").orElse(""))
                .contains("-" + hex(again.getSpanId()) + "-"));
    }

    @Test
    @DisplayName("is served as ever if the collector is dead, and is counted as lost")
    void a_dead_collector_harms_no_request() {
        start(
                Map.of(
                        "turnout.tracing.ratio",
                        "1",
                        "turnout.tracing.url",
                        "http://127.0.0.1:" + Ports.next() + "/v1/traces"),
                target());

        for (int i = 0; i < 20; i++) {
            assertThat(get(HttpVersion.HTTP_1_1, Map.of())).isEqualTo(200);
        }

        Await.until("they are counted", () -> plane.droppedSpans() == 20);
        assertThat(plane.sentSpans()).isZero();
    }
}
