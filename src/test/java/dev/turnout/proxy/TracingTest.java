package dev.turnout.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.routing.Pool;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import dev.turnout.routing.TrafficPlane.OnDrift;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Collector;
import dev.turnout.support.Effect;
import dev.turnout.support.NoCertificates;
import dev.turnout.support.Ports;
import dev.turnout.support.SocketEnd;
import dev.turnout.support.TestAuthority;
import dev.turnout.support.TestLoops;
import dev.turnout.tls.TargetWays;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.PropertiesConfigSource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A traced request")
@Timeout(60)
final class TracingTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";

    /** Has the requests of a test come from a proxy that decides which traces are recorded. */
    private static final String TRUSTED = "turnout.trusted-proxies";

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

    private Map<String, String> all(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(Map.of(
                "turnout.listen.host", "127.0.0.1",
                "turnout.listen.port", "0",
                "turnout.blue", backend.address(),
                "turnout.green", "127.0.0.1:1",
                "turnout.tracing.url", collector.url()));
        all.putAll(settings);
        return all;
    }

    private void start(Map<String, String> settings, Target... targets) {
        Map<String, String> all = all(settings);
        TargetWays ways = new TargetWays();
        ways.prepare(config(all)).apply();
        plane = new DataPlane(TestLoops.of(vertx), config(all), new NoCertificates(), ways);
        String service = all.get("turnout.blue").isEmpty() ? "shop" : Service.DEFAULT;
        plane.start(state(service, targets));
    }

    private static RoutingState state(String service, Target... targets) {
        return RoutingState.of(List.of(Service.initial(
                service, Pool.of(List.of(targets)), Pool.of(List.of(new Target("127.0.0.1", 1))), Instant.EPOCH)));
    }

    private static TurnoutConfig config(Map<String, String> settings) {
        return new TurnoutConfig(ConfigUtils.emptyConfigBuilder()
                .withSources(new PropertiesConfigSource(settings, "test", 500))
                .build());
    }

    private Target target() {
        return new Target("127.0.0.1", backend.port());
    }

    private int get(HttpVersion version, Map<String, String> fields) {
        return ask(version, HttpMethod.GET, "", fields);
    }

    private int ask(HttpVersion version, HttpMethod method, String body, Map<String, String> fields) {
        return vertx.createHttpClient(
                        new HttpClientOptions().setProtocolVersion(version).setHttp2ClearTextUpgrade(false))
                .request(method, plane.plainPort().orElseThrow(), "127.0.0.1", "/path/x?a=b")
                .compose(request -> sent(request, body, fields))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private static Future<Integer> sent(HttpClientRequest request, String body, Map<String, String> fields) {
        fields.forEach(request::putHeader);
        return (body.isEmpty() ? request.send() : request.send(body))
                .compose(answer -> answer.body().map(whole -> answer.statusCode()));
    }

    private String traceparent() {
        return field("traceparent");
    }

    /** Returns a field of the request that came last. */
    private String field(String name) {
        return backend.arrivals()
                .get(backend.arrivals().size() - 1)
                .head()
                .fields()
                .only(name)
                .orElse("");
    }

    private static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    @DisplayName("goes on with the trace of its sender, and leaves a span of its own and one of its attempt")
    void a_recorded_trace_goes_on(HttpVersion version) {
        start(Map.of("turnout.tracing.ratio", "0", TRUSTED, "127.0.0.1"), target());

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
                .containsEntry("turnout.slot", "blue")
                .containsEntry("turnout.revision", "1");
        assertThat(Collector.attributes(client))
                .containsEntry("server.address", "127.0.0.1")
                .containsEntry("server.port", String.valueOf(backend.port()))
                .containsEntry("url.full", "http://127.0.0.1:" + backend.port() + "/path/x?a=b")
                .containsEntry("network.protocol.version", "1.1")
                .containsEntry("turnout.service", "default")
                .containsEntry("turnout.revision", "1")
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
        start(Map.of("turnout.tracing.ratio", "1", TRUSTED, "127.0.0.1"), target());

        get(HttpVersion.HTTP_1_1, Map.of("traceparent", "00-" + TRACE + "-" + PARENT + "-00"));
        assertThat(traceparent()).matches("00-" + TRACE + "-(?!" + PARENT + ")[0-9a-f]{16}-00");
        get(HttpVersion.HTTP_1_1, Map.of());

        assertThat(collector.await(2)).noneMatch(span -> hex(span.getTraceId()).equals(TRACE));
    }

    @Test
    @DisplayName("of a stranger is recorded by the ratio, whatever its line says, and its trace goes on")
    void a_stranger_decides_nothing() {
        start(Map.of("turnout.tracing.ratio", "0"), target());

        for (String low : List.of("0000000000000001", "8000000000000000", TRACE.substring(16))) {
            get(
                    HttpVersion.HTTP_1_1,
                    Map.of("traceparent", "00-" + TRACE.substring(0, 16) + low + "-" + PARENT + "-01"));
            assertThat(traceparent()).matches("00-" + TRACE.substring(0, 16) + low + "-[0-9a-f]{16}-00");
        }
        reload(Map.of("turnout.tracing.ratio", "1"));
        get(HttpVersion.HTTP_1_1, Map.of("traceparent", "00-" + TRACE + "-" + PARENT + "-00"));

        Span server = collector.await(2).get(0);
        assertThat(hex(server.getTraceId())).isEqualTo(TRACE);
        assertThat(hex(server.getParentSpanId())).isEqualTo(PARENT);
    }

    @Test
    @DisplayName("of a stranger that chooses an identifier is recorded no more often")
    void an_identifier_decides_nothing() {
        start(Map.of("turnout.tracing.ratio", "0.000001"), target());

        for (int i = 0; i < 20; i++) {
            get(
                    HttpVersion.HTTP_1_1,
                    Map.of("traceparent", "00-" + TRACE.substring(0, 16) + "0000000000000001-" + PARENT + "-01"));
            assertThat(traceparent()).endsWith("-00");
        }
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
                .containsEntry("server.port", String.valueOf(dead.tcp().port()))
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

        plane.stop(Duration.ofSeconds(1)).toCompletableFuture().join();
        assertThat(plane.counts().droppedSpans()).isEqualTo(20);
        assertThat(plane.counts().sentSpans()).isZero();
    }

    private record Seen(String traceparent, String requestId) {}

    /** Returns the port of an application that speaks HTTP/2 alone; each of its first connections is ended at once. */
    private int http2Application(Queue<Seen> seen, Optional<TestAuthority.Issued> certificate) {
        HttpServerOptions options =
                new HttpServerOptions().setHttp2ClearTextEnabled(true).setAlpnVersions(List.of(HttpVersion.HTTP_2));
        certificate.ifPresent(issued -> options.setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertValue(Buffer.buffer(issued.chainPem()))
                        .setKeyValue(Buffer.buffer(issued.keyPem()))));
        return vertx.createHttpServer(options)
                .requestHandler(request -> {
                    seen.add(new Seen(request.getHeader("traceparent"), request.getHeader("X-Request-Id")));
                    HttpServerResponse response =
                            request.response().setStatusCode(request.version() == HttpVersion.HTTP_2 ? 200 : 505);
                    if ("application/grpc".equals(request.getHeader("Content-Type"))) {
                        response.putHeader("Content-Type", "application/grpc").putTrailer("grpc-status", "14");
                        // A call's answer has no length of content.
                        response.write("call");
                    }
                    response.end();
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2c", "h2"})
    @DisplayName("to a target that speaks HTTP/2 has the same spans, and the target knows its own")
    void a_target_may_speak_http2(String protocol, @TempDir Path folder) throws IOException {
        TestAuthority authority = TestAuthority.root("Test");
        Path ca = Files.writeString(folder.resolve("ca.pem"), authority.pem());
        boolean isTls = protocol.equals("h2");
        Queue<Seen> seen = new ConcurrentLinkedQueue<>();
        int port = http2Application(seen, isTls ? Optional.of(authority.issue("app.example")) : Optional.empty());
        Map<String, String> settings = new HashMap<>(Map.of(
                "turnout.blue", "127.0.0.1:" + port, "turnout.protocol", protocol, "turnout.tracing.ratio", "1"));
        if (isTls) {
            settings.putAll(Map.of(
                    "turnout.upstream.tls", "true",
                    "turnout.upstream.tls-ca", ca.toString(),
                    "turnout.upstream.tls-name", "app.example",
                    "turnout.upstream.connect", "30s"));
        }
        start(settings, new Target("127.0.0.1", port));

        assertThat(get(HttpVersion.HTTP_2, Map.of("traceparent", "00-" + TRACE + "-" + PARENT + "-01")))
                .isEqualTo(200);

        List<Span> spans = collector.await(2);
        assertThat(hex(spans.get(0).getParentSpanId())).isEqualTo(PARENT);
        assertThat(spans.get(1).getParentSpanId()).isEqualTo(spans.get(0).getSpanId());
        assertThat(seen)
                .extracting(Seen::traceparent)
                .containsExactly("00-" + TRACE + "-" + hex(spans.get(1).getSpanId()) + "-01");
        assertThat(Collector.attributes(spans.get(1)))
                .containsEntry("url.full", (isTls ? "https" : "http") + "://127.0.0.1:" + port + "/path/x?a=b")
                .containsEntry("server.port", String.valueOf(port))
                .containsEntry("network.protocol.version", "2")
                .containsEntry("http.response.status_code", "200");
    }

    @Test
    @DisplayName("to another target that speaks HTTP/2 has a span for each attempt")
    void each_attempt_over_http2_has_a_span() {
        Queue<Seen> seen = new ConcurrentLinkedQueue<>();
        int port = http2Application(seen, Optional.empty());
        Target dead = new Target("127.0.0.1", Ports.next());
        start(Map.of("turnout.protocol", "h2c", "turnout.tracing.ratio", "1"), dead, new Target("127.0.0.1", port));

        for (int i = 0; i < 2; i++) {
            assertThat(get(HttpVersion.HTTP_1_1, Map.of())).isEqualTo(200);
        }

        Span again = collector.await(5).stream()
                .filter(span -> Collector.attributes(span).containsKey("http.request.resend_count"))
                .findFirst()
                .orElseThrow();
        assertThat(seen)
                .extracting(Seen::traceparent)
                .anyMatch(line -> line.contains("-" + hex(again.getSpanId()) + "-"));
    }

    @ParameterizedTest
    @CsvSource({
        "turnout.limits.body, 4B, 413, body-too-large, default",
        "turnout.tls.redirect, true, 308, https-redirect, default",
        "turnout.services.\"shop\".hosts, shop.example, 404, no-service, ''"
    })
    @DisplayName("that Turnout answers itself leaves its own span, with the cause")
    void what_is_refused_has_a_span(String key, String value, int status, String cause, String service) {
        Map<String, String> settings =
                new HashMap<>(Map.of("turnout.tracing.ratio", "0", TRUSTED, "127.0.0.1", key, value));
        if (key.contains("shop")) {
            settings.putAll(Map.of(
                    "turnout.blue", "",
                    "turnout.green", "",
                    "turnout.services.\"shop\".blue", backend.address(),
                    "turnout.services.\"shop\".green", "127.0.0.1:1"));
        }
        start(settings, target());

        assertThat(ask(
                        HttpVersion.HTTP_1_1,
                        HttpMethod.POST,
                        "0123456789",
                        Map.of("traceparent", "00-" + TRACE + "-" + PARENT + "-01")))
                .isEqualTo(status);

        Span server = collector.await(1).get(0);
        assertThat(hex(server.getTraceId())).isEqualTo(TRACE);
        assertThat(hex(server.getParentSpanId())).isEqualTo(PARENT);
        assertThat(Collector.attributes(server))
                .containsEntry("http.request.method", "POST")
                .containsEntry("http.response.status_code", String.valueOf(status))
                .containsEntry("turnout.cause", cause)
                .doesNotContainKey("turnout.slot");
        assertThat(Collector.attributes(server).getOrDefault("turnout.service", ""))
                .isEqualTo(service);
        assertThat(server.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
        assertThat(backend.arrivals()).isEmpty();
    }

    @Test
    @DisplayName("whose only target is dead has two spans that say so")
    void a_dead_target_is_an_error() {
        start(Map.of("turnout.tracing.ratio", "1"), new Target("127.0.0.1", Ports.next()));

        assertThat(get(HttpVersion.HTTP_1_1, Map.of())).isEqualTo(502);

        List<Span> spans = collector.await(2);
        assertThat(spans).allSatisfy(span -> assertThat(span.getStatus().getCode())
                .isEqualTo(Status.StatusCode.STATUS_CODE_ERROR));
        assertThat(Collector.attributes(spans.get(0)))
                .containsEntry("error.type", "502")
                .containsEntry(
                        "turnout.cause", Collector.attributes(spans.get(1)).get("error.type"));
    }

    @Test
    @DisplayName("whose response is cut has two spans that say so, although its status is good")
    void a_cut_response_is_an_error() {
        backend.always(Effect.cutInBody(SocketEnd.CLOSE));
        start(Map.of("turnout.tracing.ratio", "1"), target());

        assertThatThrownBy(() -> get(HttpVersion.HTTP_1_1, Map.of())).isInstanceOf(CompletionException.class);

        assertThat(collector.await(2)).allSatisfy(span -> {
            assertThat(span.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
            assertThat(Collector.attributes(span)).containsEntry("error.type", "target-closed");
        });
        assertThat(Collector.attributes(collector.spans().get(0))).containsEntry("http.response.status_code", "200");
    }

    @Test
    @DisplayName("that is a call of gRPC fails by its status of gRPC")
    void a_failed_call_is_an_error() {
        int port = http2Application(new ConcurrentLinkedQueue<>(), Optional.empty());
        start(Map.of("turnout.protocol", "h2c", "turnout.tracing.ratio", "1"), new Target("127.0.0.1", port));

        assertThat(ask(
                        HttpVersion.HTTP_2,
                        HttpMethod.POST,
                        "call",
                        Map.of("Content-Type", "application/grpc", "TE", "trailers")))
                .isEqualTo(200);

        assertThat(collector.await(2)).allSatisfy(span -> {
            assertThat(span.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
            assertThat(Collector.attributes(span)).containsEntry("error.type", "_OTHER");
        });
    }

    @ParameterizedTest
    @CsvSource({"true, '', true", "true, 127.0.0.1, false", "false, '', false"})
    @DisplayName("has its trace's identifier as its own if that is asked for, and a trusted proxy's own is kept")
    void the_trace_may_be_the_request_id(String isRequestId, String trusted, boolean isTrace) {
        start(Map.of("turnout.tracing.request-id", isRequestId, "turnout.trusted-proxies", trusted), target());

        get(
                HttpVersion.HTTP_1_1,
                Map.of("traceparent", "00-" + TRACE + "-" + PARENT + "-00", "X-Request-Id", "of-the-sender"));
        assertThat(field("X-Request-Id").equals(TRACE)).isEqualTo(isTrace);
        assertThat(field("X-Request-Id").equals("of-the-sender")).isEqualTo(!trusted.isEmpty());

        get(HttpVersion.HTTP_1_1, Map.of());
        assertThat(field("traceparent").contains(field("X-Request-Id"))).isEqualTo(isRequestId.equals("true"));
    }

    @Test
    @DisplayName("is traced from a reload on, elsewhere after another, and no more after a third")
    void a_reload_begins_and_ends_tracing() {
        start(Map.of("turnout.tracing.url", ""), target());
        get(HttpVersion.HTTP_1_1, Map.of("traceparent", "00-" + TRACE + "-" + PARENT + "-01"));
        assertThat(traceparent()).contains(PARENT);

        reload(Map.of("turnout.tracing.ratio", "1"));
        get(HttpVersion.HTTP_1_1, Map.of());
        collector.await(2);

        try (Collector other = Collector.start()) {
            reload(Map.of(
                    "turnout.tracing.ratio", "1",
                    "turnout.tracing.url", other.url(),
                    "turnout.tracing.service-name", "edge",
                    "turnout.tracing.request-id", "true"));
            get(HttpVersion.HTTP_1_1, Map.of());
            other.await(2);
            assertThat(other.batches()
                            .get(0)
                            .getResource()
                            .getAttributes(0)
                            .getValue()
                            .getStringValue())
                    .isEqualTo("edge");
            assertThat(traceparent()).contains(field("X-Request-Id"));

            reload(Map.of("turnout.tracing.url", ""));
            get(HttpVersion.HTTP_1_1, Map.of("traceparent", "00-" + TRACE + "-" + PARENT + "-01"));
            assertThat(traceparent()).contains(PARENT);
            assertThat(other.spans()).hasSize(2);
        }
        assertThat(collector.spans()).hasSize(2);
        assertThat(plane.counts().sentSpans()).isEqualTo(2);
        assertThat(plane.counts().droppedSpans()).isZero();
    }

    private void reload(Map<String, String> settings) {
        plane.prepare(config(all(settings))).apply();
        plane.publish(state(Service.DEFAULT, target()), OnDrift.FAIL)
                .toCompletableFuture()
                .join();
    }
}
