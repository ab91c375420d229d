package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.turnout.support.Await;
import dev.turnout.support.Chromium;
import dev.turnout.support.Guards;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.Rounds;
import dev.turnout.support.TestAuthority;
import dev.turnout.support.TrustAll;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Clients that speak HTTP/2 do not notice flips")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class Http2ClientsIT {

    private static final int FLIPS = Rounds.of(4, 100);
    private static final int PER_SECOND = 50;
    private static final int ASSETS = FLIPS * PER_SECOND;
    private static final int UPLOAD_MEBIBYTES = Rounds.of(50, 500);
    private static final Path PYTHONS_H2 = Path.of("/usr/lib/python3/dist-packages/h2");
    private static final Duration PATIENCE = Await.LONG_PATIENCE;

    @RegisterExtension
    static final TurnoutExtension arena = new TurnoutExtension();

    @TempDir
    static Path folder;

    private final TestAuthority authority = TestAuthority.root("http2");
    private final TestAuthority.Issued certificate = authority.issue("app.example", "localhost");
    private BusyApplication blue;
    private BusyApplication green;
    private TurnoutProcess turnout;
    private Path ca;

    @BeforeAll
    void start() throws IOException {
        String page = Files.readString(Path.of("src", "test", "resources", "busy_page.html"));
        blue = new BusyApplication("blue", page);
        green = new BusyApplication("green", page);
        ca = Files.writeString(folder.resolve("ca.pem"), authority.pem());
        Path certificates = Files.createDirectory(folder.resolve("certificates"));
        certificate.write(certificates, "app");
        turnout = arena.start(TurnoutProcess.with()
                .set("turnout.blue", blue.address())
                .set("turnout.green", green.address())
                .set("turnout.drain.timeout", "5m")
                .set("turnout.tls.directory", certificates.toString())
                .set("turnout.tls.port", "0"));
    }

    @AfterAll
    void end() {
        blue.close();
        green.close();
    }

    private String secure(String path) {
        return "https://app.example:" + turnout.secureFront().getPort() + path;
    }

    private void flip(int times) {
        for (int i = 0; i < times; i++) {
            turnout.admin().switchTo(turnout.admin().active().equals("blue") ? "green" : "blue");
        }
    }

    /** What a program has said, one line after another, while the versions were flipped. */
    private List<String> during(int flips, String... command) throws Exception {
        Path output = Files.createTempFile(folder, "output", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            flip(flips);
            process.getOutputStream().close();
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as("the end of %s", List.of(command))
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(output);
        assertThat(process.exitValue()).as(String.join("\n", lines)).isZero();
        return lines;
    }

    /** By TLS only: curl 7.88 cannot use a connection again that began with prior knowledge, with any server. */
    @Test
    @RequiresProgram(value = "curl", debianPackage = "curl")
    void curl_gets_many_things_over_one_connection() throws Exception {
        List<String> command = new ArrayList<>(List.of("curl", "--silent", "--show-error", "--cacert", ca.toString()));
        command.addAll(List.of("--resolve", "*:" + turnout.secureFront().getPort() + ":127.0.0.1"));
        command.addAll(List.of(
                "--write-out", " %{http_version} %{http_code} %{num_connects}\\n", "--rate", PER_SECOND + "/s"));
        command.addAll(List.of("--http2", secure("/asset/[1-" + ASSETS + "]")));

        List<String> lines = during(FLIPS, command.toArray(String[]::new));

        assertThat(lines).hasSize(ASSETS).allMatch(line -> line.matches("(blue|green) 2 200 [01]"));
        assertThat(lines).filteredOn(line -> line.endsWith("1")).hasSize(1);
    }

    @Test
    @RequiresProgram(value = "curl", debianPackage = "curl")
    void curl_uploads_a_large_file_over_flips() throws Exception {
        Path file = folder.resolve("upload");
        CRC32 crc = new CRC32();
        byte[] piece = new byte[1 << 20];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < UPLOAD_MEBIBYTES; i++) {
                piece[i] = (byte) i;
                crc.update(piece);
                out.write(piece);
            }
        }

        List<String> lines = during(
                2,
                "curl",
                "--silent",
                "--show-error",
                "--cacert",
                ca.toString(),
                "--resolve",
                "*:" + turnout.secureFront().getPort() + ":127.0.0.1",
                "--http2",
                "--upload-file",
                file.toString(),
                "--write-out",
                " %{http_version} %{http_code}",
                secure("/upload"));

        assertThat(lines).containsExactly(((long) UPLOAD_MEBIBYTES << 20) + " " + crc.getValue() + " 2 200");
    }

    @Guards("T28")
    @ParameterizedTest(name = "by TLS: {0}")
    @ValueSource(booleans = {true, false})
    @RequiresProgram(value = "node", debianPackage = "nodejs")
    void node_gets_uploads_listens_and_talks_on_one_connection(boolean isSecure) throws Exception {
        String url = isSecure
                ? "https://127.0.0.1:" + turnout.secureFront().getPort()
                : turnout.front().toString();

        List<String> lines =
                during(FLIPS, "node", "src/test/resources/http2_busy_client.js", url, ca.toString(), "3000000");

        assertThat(lines).singleElement().satisfies(counts -> assertThat(counts)
                .matches("gets [1-9]\\d* uploads [1-9]\\d* events [1-9]\\d* echoes [1-9]\\d* reconnects 0"));
    }

    @Test
    void javas_client_is_answered_by_http_2() throws Exception {
        HttpClient client = HttpClient.newBuilder()
                .sslContext(TrustAll.context())
                .version(HttpClient.Version.HTTP_2)
                .build();
        URI address = URI.create("https://localhost:" + turnout.secureFront().getPort() + "/asset");
        CompletableFuture<Void> flips = CompletableFuture.runAsync(() -> flip(FLIPS));
        do {
            List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 32)
                    .mapToObj(i -> client.sendAsync(
                            HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString()))
                    .toList();
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                HttpResponse<String> response = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
                assertThat(response.body()).isIn("blue", "green");
            }
        } while (!flips.isDone());
        flips.get();
    }

    @ParameterizedTest(name = "by TLS: {0}")
    @ValueSource(booleans = {true, false})
    @RequiresProgram(value = "h2load", debianPackage = "nghttp2-client")
    void h2loads_streams_are_all_answered(boolean isSecure) throws Exception {
        int clients = 4;
        String url = isSecure
                ? "https://localhost:" + turnout.secureFront().getPort()
                : turnout.front().toString();

        List<String> lines = during(
                FLIPS,
                "h2load",
                "--clients=" + clients,
                "--max-concurrent-streams=10",
                "--requests=" + clients * ASSETS,
                "--rps=" + PER_SECOND,
                url + "/asset");

        assertThat(lines)
                .contains("status codes: " + clients * ASSETS + " 2xx, 0 3xx, 0 4xx, 0 5xx")
                .anyMatch(line -> line.startsWith("requests: ") && line.endsWith(" 0 failed, 0 errored, 0 timeout"));
    }

    @ParameterizedTest(name = "by TLS: {0}")
    @ValueSource(booleans = {true, false})
    @RequiresProgram(value = "nghttp", debianPackage = "nghttp2-client")
    void nghttp_gets_a_page_with_100_assets_again_and_again(boolean isSecure) throws Exception {
        String url = isSecure
                ? "https://localhost:" + turnout.secureFront().getPort()
                : turnout.front().toString();
        CompletableFuture<Void> flips = CompletableFuture.runAsync(() -> flip(FLIPS));
        do {
            List<String> lines =
                    during(0, "nghttp", "--no-verify-peer", "--get-assets", "--null-out", "--stat", url + "/links");

            assertThat(lines).filteredOn(line -> line.contains(" 200 ")).hasSize(1 + BusyApplication.LINKS);
        } while (!flips.isDone());
        flips.get();
    }

    /** The library on which Python's clients and servers are built, of Debian's package python3-h2. */
    @ParameterizedTest(name = "by TLS: {0}")
    @ValueSource(booleans = {true, false})
    void pythons_h2_gets_and_uploads_on_one_connection(boolean isSecure) throws Exception {
        if (!"1".equals(System.getenv("TURNOUT_REQUIRE_ALL"))) {
            assumeThat(PYTHONS_H2).exists();
        }
        String port = String.valueOf((isSecure ? turnout.secureFront() : turnout.front()).getPort());

        List<String> lines = during(
                FLIPS, "/usr/bin/python3", "src/test/resources/http2_client.py", port, isSecure ? ca.toString() : "-");

        assertThat(lines).singleElement().satisfies(counts -> assertThat(counts)
                .matches("gets [1-9]\\d* uploads [1-9]\\d* errors 0"));
    }

    @Test
    @RequiresProgram(value = "chromium", debianPackage = "chromium")
    void a_browsers_page_with_100_assets_events_and_a_websocket_sees_no_error() throws Exception {
        byte[] key = certificate.certificate().getPublicKey().getEncoded();
        String pin = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
        Path profile = Files.createDirectory(folder.resolve("profile"));
        try (Chromium browser = Chromium.open(
                profile,
                secure("/page"),
                "--host-resolver-rules=MAP app.example 127.0.0.1",
                "--ignore-certificate-errors-spki-list=" + pin)) {
            Await.until(() -> "a report of the page: " + browser.log(), PATIENCE, () -> reports() > 0);
            flip(FLIPS);
            long before = reports();
            Await.until(() -> "another report: " + lastReports(), PATIENCE, () -> reports() > before + 1);
        }

        assertThat(lastReports()).isNotEmpty().allSatisfy(report -> assertThat(report)
                .matches("rounds=\\d+&ticks=[1-9]\\d*&echoes=[1-9]\\d*&protocols=h2&errors="));
    }

    private long reports() {
        return blue.reports().size() + green.reports().size();
    }

    /** The latest report at each version: counts only grow. */
    private List<String> lastReports() {
        List<String> all = new ArrayList<>();
        for (BusyApplication application : List.of(blue, green)) {
            List<String> reports = application.reports();
            if (!reports.isEmpty()) {
                all.add(reports.get(reports.size() - 1));
            }
        }
        return all;
    }
}
