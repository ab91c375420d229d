package dev.turnout.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Effect;
import dev.turnout.support.Http2Client;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.SocketEnd;
import dev.turnout.support.TrustAll;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The answer that comes before an upload over HTTP/2 has ended. RFC 9113, section 8.1: a reset without an error says that
 * nobody wants the rest. Clients that do not look at it, such as Java's before 21 (JDK-8293786), wait for a window first.
 */
@DisplayName("A client whose upload is answered before its end")
@Timeout(60)
final class CutUploadTest {

    private static final int UPLOAD = 8 * 1024 * 1024;
    private static final int NO_ERROR = 0;
    private static final int ENOUGH = 100_000_000;
    private static final byte[] BUSY =
            "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbusy".getBytes(US_ASCII);

    @TempDir
    private Path folder;

    private TlsPlane plane;

    @BeforeEach
    void start() throws IOException {
        plane = TlsPlane.start(folder, "jdk", "turnout.limits.body", "1M");
        plane.backend()
                .always(new Effect.ByPath(
                        "/early", new Effect.EarlyResponse(BUSY, SocketEnd.STALL), new Effect.Application("blue")));
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    private URI at(String path) {
        return URI.create("https://127.0.0.1:" + plane.address().getPort() + path);
    }

    /** What is too long is refused by its Content-Length, and without one behind its first megabyte. */
    @ParameterizedTest(name = "with a Content-Length: {0}")
    @ValueSource(booleans = {true, false})
    void gets_the_answer_with_javas_client_and_goes_on_over_the_same_connection(boolean hasLength) throws Exception {
        HttpClient client = HttpClient.newBuilder()
                .sslContext(TrustAll.context())
                .version(HttpClient.Version.HTTP_2)
                .build();
        HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.ofByteArray(new byte[UPLOAD]);
        HttpRequest upload = HttpRequest.newBuilder(at("/upload"))
                .POST(hasLength ? body : HttpRequest.BodyPublishers.fromPublisher(body))
                .build();

        for (int i = 0; i < 3; i++) {
            HttpResponse<String> response = client.sendAsync(upload, HttpResponse.BodyHandlers.ofString())
                    .get(20, TimeUnit.SECONDS);
            assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(response.statusCode()).isEqualTo(413);
        }
        HttpRequest next = HttpRequest.newBuilder(at("/")).build();
        assertThat(client.sendAsync(next, HttpResponse.BodyHandlers.ofString())
                        .get(20, TimeUnit.SECONDS)
                        .body())
                .isEqualTo("blue");
        assertThat(plane.plane().counts().http2GoAways())
                .allSatisfy(ended -> assertThat(ended.count().getAsLong()).isZero());
    }

    @Test
    @RequiresProgram(value = "curl", debianPackage = "curl")
    void gets_the_answer_with_curl() throws Exception {
        Path file = Files.write(folder.resolve("upload"), new byte[UPLOAD]);
        assertThat(output(
                        "curl",
                        "-sk",
                        "--http2",
                        "-o",
                        "/dev/null",
                        "-w",
                        "%{http_version} %{http_code}",
                        "-T",
                        file.toString(),
                        at("/upload").toString()))
                .isEqualTo("2 413");
    }

    @Test
    @RequiresProgram(value = "node", debianPackage = "nodejs")
    void gets_the_answer_with_node() throws Exception {
        String script = "const s = require('http2').connect(process.argv[1], {rejectUnauthorized: false});"
                + "const r = s.request({':method': 'POST', ':path': '/upload'});"
                + "let status; r.on('response', head => { status = head[':status']; });"
                + "r.on('error', error => console.log('error ' + error.message));"
                + "r.on('close', () => { console.log(status + ' ' + r.rstCode); s.close(); });"
                + "r.resume(); r.end(Buffer.alloc(" + UPLOAD + "));";
        assertThat(output("node", "-e", script, at("/").toString())).isEqualTo("413 " + NO_ERROR);
    }

    private static String output(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes()).strip();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    @Test
    void is_given_a_window_for_the_rest_before_the_reset_that_says_that_nobody_wants_it() throws IOException {
        int port = plane.plane().plainPort().orElseThrow();
        try (Http2Client client = Http2Client.to(port)) {
            client.request(1, "POST", "/upload", false, "content-length=" + UPLOAD);
            Http2Client.Answer answer = client.answer(1);
            assertThat(answer.status()).isEqualTo(413);
            while (answer.reset() < 0) {
                client.read();
            }
            assertThat(answer.reset()).isEqualTo(NO_ERROR);
            assertThat(client.others())
                    .filteredOn(frame -> frame.type() == Http2Client.WINDOW_UPDATE && frame.stream() == 1)
                    .singleElement()
                    .satisfies(frame -> assertThat(frame.number(0)).isGreaterThan(ENOUGH));
            client.data(1, true, "the rest");
            client.get(3, "/");
            assertThat(client.answer(3).body()).isEqualTo("blue");
        }
    }

    @Test
    void gets_the_answer_of_its_target_too() throws Exception {
        HttpClient client = HttpClient.newBuilder()
                .sslContext(TrustAll.context())
                .version(HttpClient.Version.HTTP_2)
                .build();
        HttpRequest upload = HttpRequest.newBuilder(at("/early"))
                .timeout(Duration.ofSeconds(20))
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[900_000]))
                .build();
        HttpResponse<String> response = client.send(upload, HttpResponse.BodyHandlers.ofString());
        assertThat(List.of(response.statusCode(), response.body())).containsExactly(503, "busy");
    }
}
