package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Admin;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.RawClient;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.TestAuthority;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The metrics of a running Turnout")
final class MetricsIT {

    @RegisterExtension
    static final TurnoutExtension ARENA = new TurnoutExtension();

    private static final Pattern TYPE = Pattern.compile("# TYPE (turnout_\\S+) (\\S+)");
    private static final Pattern NAME = Pattern.compile("\\bturnout_[a-z0-9_]+");

    private static TurnoutProcess turnout;
    private static Admin admin;
    private static String active;

    @BeforeAll
    static void start() throws Exception {
        Backend blue = ARENA.application("blue");
        Backend green = ARENA.application("green");
        turnout = ARENA.start(TurnoutProcess.with()
                .blue(blue)
                .green(green)
                .set("turnout.health.deadline", "2s")
                .set("turnout.notify.url", "http://127.0.0.1:" + green.port() + "/hook")
                .tls(TestAuthority.root("Test Authority"), "shop.example.com"));
        admin = turnout.admin();
        ask("GET");
        ask("BREW");
        blue.next(Effect.status(503, "no database"));
        ask("GET");
        admin.post("/admin/switch").expect(200);
        ask("POST");
        admin.post("/admin/rollback").expect(200);
        green.probes(Effect.status(500, "no database"));
        admin.post("/admin/switch").expect(424);
        active = admin.active();
        try (RawClient client = turnout.connect()) {
            client.send("GET / HTTP/1.1\r\n\r\n");
            client.read();
        }
    }

    private static void ask(String method) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(turnout.front())
                .method(method, HttpRequest.BodyPublishers.ofString(method.equals("POST") ? "four" : ""))
                .build();
        HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .send(request, HttpResponse.BodyHandlers.discarding());
    }

    private static HttpResponse<String> scrape(String accept) throws IOException, InterruptedException {
        URI uri = URI.create(turnout.adminAddress() + "/q/metrics");
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        if (!accept.isEmpty()) {
            request.header("Accept", accept);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String scrape() throws IOException, InterruptedException {
        return scrape("*/*").body();
    }

    /** Returns the name of each metric of Turnout's own, with those that a histogram or summary is made of. */
    private static Set<String> names(String text) {
        Set<String> names = new TreeSet<>();
        Matcher type = TYPE.matcher(text);
        while (type.find()) {
            names.add(type.group(1));
            if (type.group(2).equals("histogram") || type.group(2).equals("summary")) {
                Stream.of("_bucket", "_sum", "_count").forEach(part -> names.add(type.group(1) + part));
            }
        }
        return names;
    }

    private static Set<String> namesIn(String text) {
        return NAME.matcher(text).results().map(found -> found.group()).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    @DisplayName("have no complaint of promtool")
    @RequiresProgram(value = "promtool", debianPackage = "prometheus")
    void clean() throws Exception {
        Process promtool = new ProcessBuilder("promtool", "check", "metrics")
                .redirectErrorStream(true)
                .start();
        promtool.getOutputStream().write(scrape().getBytes(StandardCharsets.UTF_8));
        promtool.getOutputStream().close();

        assertThat(new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(promtool.waitFor()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*/*", "text/plain", "text/html, */*", "application/json"})
    @DisplayName("come in the text format of Prometheus, unless")
    void text(String accept) throws Exception {
        HttpResponse<String> answer = scrape(accept);

        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
        assertThat(answer.body()).doesNotContain("# EOF", "http_server_");
    }

    @Test
    @DisplayName("OpenMetrics is asked for, as Prometheus does")
    void openMetrics() throws Exception {
        HttpResponse<String> answer = scrape(
                "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2");

        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/openmetrics-text"));
        assertThat(answer.body())
                .endsWith("# EOF\n")
                .contains(
                        "# UNIT turnout_request_duration_seconds seconds\n",
                        "# UNIT turnout_response_body_bytes bytes\n",
                        "# TYPE turnout_http_requests counter\n");
    }

    @Test
    @DisplayName("each have a help text")
    void help() throws Exception {
        String text = scrape();

        assertThat(names(text)).hasSizeGreaterThan(40);
        Matcher type = TYPE.matcher(text);
        while (type.find()) {
            assertThat(text).containsPattern("# HELP " + type.group(1) + " \\S");
        }
    }

    @Test
    @DisplayName("tell what happened to requests: by slot, method, status, class and cause")
    void requests() throws Exception {
        assertThat(scrape().lines())
                .contains(
                        "turnout_http_requests_total{service=\"default\",slot=\"blue\",method=\"GET\",status=\"200\",} 1.0",
                        "turnout_http_requests_total{service=\"default\",slot=\"blue\",method=\"other\",status=\"200\",} 1.0",
                        "turnout_http_requests_total{service=\"default\",slot=\"blue\",method=\"GET\",status=\"503\",} 1.0",
                        "turnout_http_requests_total{service=\"default\",slot=\"green\",method=\"POST\",status=\"200\",} 1.0",
                        "turnout_failed_requests_total{service=\"default\",slot=\"blue\",} 1.0",
                        "turnout_request_duration_seconds_count{service=\"default\",slot=\"blue\",class=\"2xx\",} 2.0",
                        "turnout_request_duration_seconds_bucket{service=\"default\",slot=\"blue\",class=\"2xx\",le=\"+Inf\",} 2.0",
                        "turnout_service_up{service=\"default\",} 1.0")
                .anyMatch(line -> line.startsWith("turnout_own_answers_total{service=\"\",cause="))
                .anyMatch(line -> line.startsWith("turnout_request_body_bytes_total{service=\"default\",slot=\"green\"")
                        && line.endsWith(" 4.0"))
                .anyMatch(line -> line.startsWith("turnout_probe_duration_seconds{service=\"default\",slot=\"blue\""));
    }

    @Test
    @DisplayName("tell switches, rollbacks and refusals, and how long flips and drains took")
    void changes() throws Exception {
        assertThat(active).isEqualTo("blue");
        assertThat(scrape().lines())
                .contains(
                        "turnout_switches_total{service=\"default\",verdict=\"switched\",} 1.0",
                        "turnout_switches_total{service=\"default\",verdict=\"rolled-back\",} 1.0",
                        "turnout_refused_changes_total{service=\"default\",reason=\"unhealthy\",} 1.0",
                        "turnout_flip_duration_seconds_count{service=\"default\",} 2.0",
                        "turnout_drain_duration_seconds_count{service=\"default\",} 2.0",
                        "turnout_cut_requests_total{service=\"default\",} 0.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"deploy/prometheus/alerts.yml", "deploy/grafana/turnout.json"})
    @DisplayName("have each name that is used in")
    void used(String file) throws Exception {
        Set<String> used = namesIn(Files.readString(Path.of(file)));

        assertThat(used).hasSizeGreaterThan(10);
        assertThat(names(scrape())).containsAll(used);
    }

    @Test
    @DisplayName("are those that the page lists, no more and no less")
    void page() throws Exception {
        Set<String> metrics = new TreeSet<>();
        Matcher type = TYPE.matcher(scrape());
        while (type.find()) {
            metrics.add(type.group(1));
        }
        Set<String> listed;
        try (Stream<String> lines = Files.lines(Path.of("deploy/METRICS.md"))) {
            listed = lines.filter(line -> line.startsWith("| `turnout_"))
                    .map(line -> line.substring(3, line.indexOf('`', 3)))
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        assertThat(listed).isEqualTo(metrics);
    }

    @Test
    @DisplayName("are told in the status too, as the figures of the last minute")
    void status() {
        Await.until("a second sample", () -> admin.status().getValue("traffic") != null);

        JsonObject traffic = admin.status().getJsonObject("traffic");
        assertThat(traffic.fieldNames())
                .containsExactlyInAnyOrder(
                        "seconds",
                        "requestsPerSecond",
                        "requests",
                        "errors",
                        "errorRate",
                        "p50Millis",
                        "p99Millis",
                        "slots");
        assertThat(traffic.getJsonObject("slots").fieldNames()).containsExactlyInAnyOrder("blue", "green");
    }

    @Test
    @DisplayName("are those of each panel of the Grafana board")
    void everyPanelAsks() throws Exception {
        JsonArray panels =
                new JsonObject(Files.readString(Path.of("deploy/grafana/turnout.json"))).getJsonArray("panels");

        assertThat(panels).isNotEmpty().allSatisfy(panel -> assertThat(((JsonObject) panel).getJsonArray("targets"))
                .isNotEmpty()
                .allSatisfy(target -> assertThat(namesIn(((JsonObject) target).getString("expr")))
                        .isNotEmpty()));
    }
}
