package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Collector;
import dev.turnout.support.Http2Client;
import dev.turnout.support.RawClient;
import dev.turnout.support.TestAuthority;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The packaged program traces requests")
final class TracingIT {

    private static final int REQUESTS = 50;
    private static final int SAMPLED = 1_000;
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final Collector collector = Collector.start();
    private final Backend blue = arena.application("blue");
    private final Backend green = arena.application("green");

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        collector.close();
    }

    private TurnoutProcess.Settings settings() {
        return TurnoutProcess.with().inFile().blue(blue).green(green);
    }

    private TurnoutProcess.Settings traced(String ratio) {
        return settings().set("turnout.tracing.url", collector.url()).set("turnout.tracing.ratio", ratio);
    }

    private static void get(TurnoutProcess turnout, int count, String path, String lines) throws IOException {
        try (RawClient client = turnout.connect()) {
            for (int i = 0; i < count; i++) {
                assertThat(client.send("GET " + path + " HTTP/1.1\r\nHost: app.example\r\n" + lines + "\r\n")
                                .read()
                                .status())
                        .isEqualTo(200);
            }
        }
    }

    private static List<Span> of(List<Span> spans, Span.SpanKind kind) {
        return spans.stream().filter(span -> span.getKind() == kind).toList();
    }

    private static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }

    private static List<String> traceparents(Backend application) {
        return application.arrivals().stream()
                .map(arrival -> arrival.head().fields().only("traceparent").orElse(""))
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private static String openMetrics(TurnoutProcess turnout) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(turnout.adminAddress().resolve("/q/metrics"))
                .header("Accept", "application/openmetrics-text;version=1.0.0")
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    @DisplayName("over HTTP/1.1 and HTTP/2: each request has its span and one below it, which its target is told")
    void each_request_has_its_spans() throws Exception {
        TurnoutProcess turnout = arena.start(traced("1"));

        get(turnout, REQUESTS, "/shop?token=abc", "");
        try (Http2Client client = Http2Client.to(turnout.front().getPort())) {
            for (int i = 0; i < REQUESTS; i++) {
                int stream = 2 * i + 1;
                client.get(stream, "/shop", "traceparent=00-" + TRACE + "-" + PARENT + "-01");
                assertThat(client.answer(stream).status()).isEqualTo(200);
            }
        }
        turnout.admin().switchTo("green");
        get(turnout, 1, "/shop", "");

        List<Span> spans = collector.await(2 * (2 * REQUESTS + 1));
        assertThat(spans).hasSize(2 * (2 * REQUESTS + 1));
        Map<ByteString, Span> servers = of(spans, Span.SpanKind.SPAN_KIND_SERVER).stream()
                .collect(Collectors.toMap(Span::getSpanId, Function.identity()));
        List<Span> clients = of(spans, Span.SpanKind.SPAN_KIND_CLIENT);
        assertThat(servers).hasSize(2 * REQUESTS + 1);
        assertThat(clients).allSatisfy(client -> assertThat(servers.get(client.getParentSpanId()))
                .extracting(Span::getTraceId)
                .isEqualTo(client.getTraceId()));
        assertThat(servers.values().stream()
                        .filter(span -> hex(span.getTraceId()).equals(TRACE)))
                .hasSize(REQUESTS)
                .allSatisfy(span -> assertThat(hex(span.getParentSpanId())).isEqualTo(PARENT))
                .allSatisfy(
                        span -> assertThat(Collector.attributes(span)).containsEntry("network.protocol.version", "2"));
        Set<String> told = clients.stream()
                .map(span -> "00-" + hex(span.getTraceId()) + "-" + hex(span.getSpanId()) + "-01")
                .collect(Collectors.toSet());
        assertThat(told)
                .hasSize(2 * REQUESTS + 1)
                .containsAll(traceparents(blue))
                .containsAll(traceparents(green));
        assertThat(clients.stream()
                        .map(Collector::attributes)
                        .filter(of -> of.get("turnout.slot").equals("green"))
                        .map(of -> of.get("turnout.revision")))
                .containsExactly(String.valueOf(turnout.admin().revision()));
        assertThat(openMetrics(turnout))
                .containsPattern(
                        "turnout_request_duration_seconds_bucket\\{service=\"default\",slot=\"blue\",class=\"2xx\","
                                + "le=\"[0-9.]+\"} [0-9.]+ # \\{trace_id=\"[0-9a-f]{32}\"} [0-9.E-]+ [0-9.]+\n");
        Await.until(
                "they are counted",
                () -> turnout.admin().metric("turnout_traced_requests_total{result=\"sent\"}") == 2 * REQUESTS + 1);
    }

    @Test
    @DisplayName("of which a fraction is recorded: their targets are told so, and no others")
    void a_fraction_is_recorded() throws Exception {
        TurnoutProcess turnout = arena.start(traced("0.1").set("turnout.access-log-redact", "token"));

        get(turnout, SAMPLED, "/shop?token=abc", "");
        Set<String> recorded = traceparents(blue).stream()
                .filter(line -> line.endsWith("-01"))
                .map(line -> line.substring(3, 35))
                .collect(Collectors.toSet());

        // 100 are expected, with a standard deviation of 9.5.
        assertThat(recorded).hasSizeBetween(40, 160);
        List<Span> spans = collector.await(2 * recorded.size());
        assertThat(spans.stream().map(span -> hex(span.getTraceId())).collect(Collectors.toSet()))
                .isEqualTo(recorded);
        assertThat(spans)
                .allSatisfy(span -> assertThat(Collector.attributes(span).toString())
                        .contains("token=***")
                        .doesNotContain("abc"));
    }

    @Test
    @DisplayName("from a reload on, over HTTPS to a collector whose authority is in a file, which is checked before")
    void a_reload_begins_to_trace() throws Exception {
        TestAuthority authority = TestAuthority.root("Collector Authority");
        Path ca = Files.writeString(folder.resolve("ca.pem"), "none");
        try (Collector secure = Collector.startSecure(authority.issue("localhost"))) {
            TurnoutProcess.Settings settings = settings();
            TurnoutProcess turnout = arena.start(settings);
            get(turnout, 1, "/", "");
            settings.set("turnout.tracing.url", secure.url())
                    .set("turnout.tracing.ratio", "1")
                    .set("turnout.tracing.ca-file", ca.toString())
                    .write();

            assertThat(turnout.admin().post("/admin/reload").expect(422).text())
                    .contains("turnout.tracing.ca-file=" + ca, "Nothing has changed");
            TurnoutCommand check =
                    TurnoutCommand.start(settings.file().getParent(), List.of(), TurnoutCommand.line("check"));
            assertThat(check.exit()).isEqualTo(1);
            assertThat(check.out() + check.err()).contains("turnout.tracing.ca-file=" + ca);
            get(turnout, 1, "/", "");
            assertThat(traceparents(blue)).isEmpty();

            Files.writeString(ca, authority.pem());
            turnout.admin().post("/admin/reload").expect(200);
            get(turnout, 1, "/", "");
            assertThat(secure.await(2)).hasSize(2);

            Files.writeString(ca, "none");
            assertThat(turnout.admin().post("/admin/reload").expect(422).text())
                    .as("the file is read again without another key")
                    .contains("turnout.tracing.ca-file=" + ca, "Nothing has changed");
        }
    }

    @Test
    @DisplayName("and sends what it has recorded before it stops, also of requests that nobody was there for")
    void a_stop_loses_nothing() throws Exception {
        TurnoutProcess turnout = arena.start(traced("1").set("turnout.limits.body", "1K"));
        try (RawClient client = turnout.connect()) {
            assertThat(client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n")
                            .read()
                            .status())
                    .isEqualTo(413);
        }

        turnout.terminate();
        turnout.awaitExit();

        assertThat(collector.spans()).singleElement().satisfies(span -> assertThat(Collector.attributes(span))
                .containsEntry("turnout.cause", "body-too-large"));
    }
}
