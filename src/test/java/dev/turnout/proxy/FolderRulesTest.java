package dev.turnout.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.routing.Command;
import dev.turnout.support.Await;
import dev.turnout.support.Effect;
import dev.turnout.support.Http2Client;
import dev.turnout.support.RawClient;
import dev.turnout.support.wire.Response;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code turnout.rules."NAME".folder}, over real sockets. */
@DisplayName("A rule answers with the files of a folder, and with nothing outside of it")
final class FolderRulesTest {

    private static final Instant LONG_AGO = Instant.parse("2026-01-02T03:04:05Z");
    private static final String LAST_MODIFIED = "Fri, 02 Jan 2026 03:04:05 GMT";

    @TempDir
    private Path folder;

    private Path site;
    private TlsPlane plane;
    private RawClient client;

    @BeforeEach
    void lay() throws IOException {
        site = Files.createDirectories(folder.resolve("site"));
        Files.createDirectories(site.resolve("docs/deep"));
        Files.createDirectories(site.resolve(".well-known"));
        write("index.html", "home");
        write("app.js", "0123456789");
        write("docs/index.html", "docs");
        write("docs/한글 파일.txt", "hangul");
        write(".env", "SECRET");
        write(".well-known/security.txt", "contact");
        Files.writeString(folder.resolve("outside.txt"), "OUTSIDE");
        Files.createSymbolicLink(site.resolve("link.txt"), folder.resolve("outside.txt"));
        Files.createSymbolicLink(site.resolve("up"), folder);
    }

    private void write(String name, String text) throws IOException {
        Path file = Files.writeString(site.resolve(name), text);
        Files.setLastModifiedTime(file, FileTime.from(LONG_AGO));
    }

    private void start(String... settings) throws IOException {
        List<String> all = new ArrayList<>(List.of(key("folder"), site.toString(), key("path"), "/static"));
        all.addAll(List.of(settings));
        plane = TlsPlane.start(folder, "jdk", all.toArray(String[]::new));
        plane.backend().always(new Effect.Application("blue"));
        client = RawClient.to(
                URI.create("http://127.0.0.1:" + plane.plane().plainPort().orElseThrow()));
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        plane.close();
    }

    private static String key(String name) {
        return "turnout.rules.\"80-files\"." + name;
    }

    private Response get(String target, String... lines) throws IOException {
        return send("GET", target, lines);
    }

    private Response send(String method, String target, String... lines) throws IOException {
        return client.send(method + " " + target + " HTTP/1.1\r\nHost: shop.kr\r\n" + String.join("", lines) + "\r\n")
                .read(method);
    }

    @ParameterizedTest
    @CsvSource({
        "/static/app.js, 0123456789, text/javascript; charset=utf-8",
        "/static/, home, text/html; charset=utf-8",
        "/static, home, text/html; charset=utf-8",
        "/static/docs/, docs, text/html; charset=utf-8",
        "/static/docs/%ED%95%9C%EA%B8%80%20%ED%8C%8C%EC%9D%BC.txt, hangul, text/plain; charset=utf-8",
        "/static/.well-known/security.txt, contact, text/plain; charset=utf-8",
        "/static//./app.js?v=3, 0123456789, text/javascript; charset=utf-8"
    })
    void a_file_is_answered_with_its_type_and_validators(String target, String text, String type) throws IOException {
        start();

        Response file = get(target);

        assertThat(file.status()).isEqualTo(200);
        assertThat(file.text()).isEqualTo(text);
        assertThat(file.fields().only("Content-Type")).hasValue(type);
        assertThat(file.fields().only("Last-Modified")).hasValue(LAST_MODIFIED);
        assertThat(file.fields().only("ETag"))
                .hasValueSatisfying(tag -> assertThat(tag).startsWith("\""));
        assertThat(file.fields().only("Date")).isPresent();
        assertThat(file.fields().all("X-Turnout-Slot")).isEmpty();
        assertThat(plane.backend().requests()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/static/none.txt",
                "/static/.env",
                "/static/link.txt",
                "/static/up/outside.txt",
                "/static/up/",
                "/static/app.js/",
                "/static/app.js/x",
                "/static/docs/deep/",
                "/static/docs/deep/none",
                "/static/a%00b",
                "/static/%FF",
                "/static/docs/.%2e%2e"
            })
    void what_is_hidden_linked_or_not_there_gets_404(String target) throws IOException {
        start();

        Response refused = get(target);

        assertThat(refused.status()).isEqualTo(404);
        assertThat(refused.text()).doesNotContain("SECRET", "OUTSIDE");
        assertThat(plane.backend().requests()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/static/../outside.txt",
                "/static/%2e%2e/outside.txt",
                "/static/..%2foutside.txt",
                "/static/..%5coutside.txt",
                "/static/..;/outside.txt",
                "/static/docs/%2e%2e%2f%2e%2e%2foutside.txt",
                "/static/;%2f../outside.txt"
            })
    void no_spelling_of_a_path_leads_out_of_the_folder(String target) throws IOException {
        start();

        Response refused = get(target);

        assertThat(refused.status()).isIn(400, 404);
        assertThat(refused.text()).doesNotContain("OUTSIDE");
    }

    @Test
    void a_folder_without_its_slash_is_redirected_and_keeps_the_query() throws IOException {
        start();

        Response redirect = get("/static/docs?a=b");

        assertThat(redirect.status()).isEqualTo(301);
        assertThat(redirect.fields().only("Location")).hasValue("/static/docs/?a=b");
    }

    @ParameterizedTest
    @CsvSource({"POST", "PUT", "DELETE", "OPTIONS"})
    void other_methods_get_405(String method) throws IOException {
        start();

        Response refused = send(method, "/static/app.js", "Content-Length: 0\r\n");

        assertThat(refused.status()).isEqualTo(405);
        assertThat(refused.fields().only("Allow")).hasValue("GET, HEAD");
    }

    @Test
    void head_has_the_head_alone() throws IOException {
        start();

        Response head = send("HEAD", "/static/app.js");

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.fields().only("Content-Length")).hasValue("10");
        assertThat(get("/static/app.js").text()).as("on the same connection").isEqualTo("0123456789");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=0-3     | 206 | 0123       | bytes 0-3/10",
                "bytes=7-      | 206 | 789        | bytes 7-9/10",
                "bytes=-2      | 206 | 89         | bytes 8-9/10",
                "bytes=-99     | 206 | 0123456789 | bytes 0-9/10",
                "bytes=8-99    | 206 | 89         | bytes 8-9/10",
                "bytes=10-     | 416 | ''         | bytes */10",
                "bytes=-0      | 416 | ''         | bytes */10",
                "bytes=5-3     | 200 | 0123456789 | ",
                "bytes=0-1,4-5 | 200 | 0123456789 | ",
                "bytes=-       | 200 | 0123456789 | ",
                "lines=0-1     | 200 | 0123456789 | "
            })
    void one_range_is_served_and_several_get_the_whole_file(String range, int status, String text, String shown)
            throws IOException {
        start();

        Response part = get("/static/app.js", "Range: " + range + "\r\n");

        assertThat(part.status()).isEqualTo(status);
        assertThat(part.text()).isEqualTo(text);
        assertThat(part.fields().only("Content-Range").orElse(null)).isEqualTo(shown);
    }

    @Test
    void conditions_are_answered_in_the_order_of_the_rfc() throws IOException {
        start();
        String tag = get("/static/app.js").fields().only("ETag").orElseThrow();

        Response known = get("/static/app.js", "If-None-Match: \"x\", W/" + tag + "\r\n");
        assertThat(known.status()).isEqualTo(304);
        assertThat(known.fields().only("ETag")).hasValue(tag);
        assertThat(known.fields().only("Content-Length")).isEmpty();
        assertThat(status("If-Modified-Since: " + LAST_MODIFIED + "\r\n")).isEqualTo(304);
        assertThat(status("If-Modified-Since: Fri, 02 Jan 2026 03:04:04 GMT\r\n"))
                .isEqualTo(200);
        assertThat(status("If-Modified-Since: yesterday\r\n")).isEqualTo(200);
        assertThat(status("If-None-Match: \"x\"\r\n", "If-Modified-Since: " + LAST_MODIFIED + "\r\n"))
                .as("a tag goes before a date")
                .isEqualTo(200);
        assertThat(status("If-None-Match: *\r\n")).isEqualTo(304);
        assertThat(status("If-Match: \"x\"\r\n")).isEqualTo(412);
        assertThat(status("If-Match: " + tag + "\r\n")).isEqualTo(200);
        assertThat(status("If-Unmodified-Since: Thu, 01 Jan 2026 00:00:00 GMT\r\n"))
                .isEqualTo(412);
        assertThat(status("Range: bytes=0-0\r\n", "If-Range: " + tag + "\r\n")).isEqualTo(206);
        assertThat(status("Range: bytes=0-0\r\n", "If-Range: " + LAST_MODIFIED + "\r\n"))
                .isEqualTo(206);
        assertThat(status("Range: bytes=0-0\r\n", "If-Range: \"x\"\r\n")).isEqualTo(200);
    }

    private int status(String... lines) throws IOException {
        return get("/static/app.js", lines).status();
    }

    @Test
    void a_file_that_has_just_changed_has_a_weak_tag() throws IOException {
        start();
        Files.writeString(site.resolve("app.js"), "new");

        Response fresh = get("/static/app.js");

        assertThat(fresh.fields().only("ETag"))
                .hasValueSatisfying(tag -> assertThat(tag).startsWith("W/"));
    }

    @Test
    void compressed_files_go_to_clients_that_take_them_unless_they_are_old() throws IOException {
        start();
        write("app.js.br", "brotli");
        write("app.js.gz", "gzip");

        Response br = get("/static/app.js", "Accept-Encoding: gzip, br\r\n");
        assertThat(br.text()).isEqualTo("brotli");
        assertThat(br.fields().only("Content-Encoding")).hasValue("br");
        assertThat(br.fields().only("Content-Type")).hasValue("text/javascript; charset=utf-8");
        assertThat(br.fields().only("Vary")).hasValue("Accept-Encoding");
        Response gzip = get("/static/app.js", "Accept-Encoding: br;q=0, gzip;q=0.5\r\n");
        assertThat(gzip.text()).isEqualTo("gzip");
        Response plain = get("/static/app.js");
        assertThat(plain.text()).isEqualTo("0123456789");
        assertThat(plain.fields().only("Vary")).hasValue("Accept-Encoding");
        assertThat(List.of(br, gzip, plain).stream()
                        .map(each -> each.fields().only("ETag"))
                        .distinct())
                .hasSize(3);

        Files.setLastModifiedTime(site.resolve("app.js.br"), FileTime.from(LONG_AGO.minusSeconds(1)));
        Files.delete(site.resolve("app.js.gz"));
        Response old = get("/static/app.js", "Accept-Encoding: gzip, br\r\n");
        assertThat(old.text()).isEqualTo("0123456789");
        assertThat(old.fields().all("Vary")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {";", ";;", ",", ";q=1, ;", "gzip;, ;=", " ; br"})
    void codings_that_are_none_are_no_wish_and_keep_no_place(String codings) throws IOException {
        start();
        write("app.js.br", "brotli");
        for (int i = 0; i < 1100; i++) {
            assertThat(get("/static/app.js", "Accept-Encoding: " + codings + "\r\n")
                            .text())
                    .isEqualTo("0123456789");
        }
    }

    @Test
    void what_is_not_there_is_another_file_or_a_target() throws IOException {
        start(key("folder-missing"), "/index.html");
        Response fallback = get("/static/some/page");
        assertThat(fallback.status()).isEqualTo(200);
        assertThat(fallback.text()).isEqualTo("home");

        plane.change(key("folder-missing"), "target");
        assertThat(get("/static/some/page").text()).isEqualTo("blue");
        assertThat(get("/static/app.js").text()).isEqualTo("0123456789");
        assertThat(send("POST", "/static/app.js", "Content-Length: 0\r\n").text())
                .isEqualTo("blue");
    }

    @Test
    void a_later_rule_that_answers_503_fails_no_request_whether_a_file_was_looked_for_or_not() throws IOException {
        String off = "turnout.rules.\"90-off\".";
        start(key("folder-missing"), "target", off + "answer", "not now", off + "answer-status", "503");

        assertThat(get("/static/none").status()).isEqualTo(503);
        assertThat(send("POST", "/static/none", "Content-Length: 0\r\n").status())
                .isEqualTo(503);

        assertThat(plane.failed()).isZero();
    }

    @Test
    void later_response_edits_hold_for_files() throws IOException {
        start(
                "turnout.rules.\"10-cache\".path",
                "*.js",
                "turnout.rules.\"10-cache\".response-set",
                "Cache-Control: public, max-age=31536000");

        assertThat(get("/static/app.js").fields().only("Cache-Control")).hasValue("public, max-age=31536000");
        assertThat(get("/static/").fields().all("Cache-Control")).isEmpty();
    }

    @Test
    void a_large_file_passes_whole_over_http_1_and_2_and_to_a_slow_client() throws Exception {
        byte[] bytes = new byte[3_000_001];
        new Random(7).nextBytes(bytes);
        Files.write(site.resolve("large.bin"), bytes);
        start();

        CRC32 sum = new CRC32();
        sum.update(bytes);
        Response large = get("/static/large.bin");
        assertThat(large.body().length()).isEqualTo(bytes.length);
        assertThat(large.body().crc()).isEqualTo(sum.getValue());
        try (Http2Client http2 = Http2Client.to(plane.plane().plainPort().orElseThrow())) {
            http2.get(1, "/static/app.js");
            assertThat(http2.answer(1).body()).isEqualTo("0123456789");
        }
        Await.until("the files are closed", () -> openFiles() == 0);
    }

    @Test
    void a_file_that_shrinks_ends_the_answer_and_one_that_grows_does_not() throws IOException {
        Path large = Files.write(site.resolve("large.bin"), new byte[30_000_000]);
        start();
        client.send("GET /static/large.bin HTTP/1.1\r\nHost: h\r\n\r\n");
        assertThat(client.readSome(new byte[1000], 1000)).isPositive();
        try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(1000);
        }

        byte[] rest = client.readUntilClosed();

        assertThat(rest.length).isLessThan(30_000_000);
        Await.until("the file is closed", () -> openFiles() == 0);
    }

    @Test
    void a_client_that_goes_leaves_no_file_open() throws IOException {
        Files.write(site.resolve("large.bin"), new byte[30_000_000]);
        start();
        client.send("GET /static/large.bin HTTP/1.1\r\nHost: h\r\n\r\n");
        assertThat(client.readSome(new byte[1000], 1000)).isPositive();
        assertThat(openFiles()).isEqualTo(1);

        client.close();

        Await.until("the file is closed", () -> openFiles() == 0);
    }

    private long openFiles() {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(file -> leadsTo(file, site)).count();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static boolean leadsTo(Path link, Path place) {
        try {
            return Files.readSymbolicLink(link).startsWith(place);
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void a_root_that_is_a_link_leads_to_the_release_that_it_points_to_now() throws IOException {
        Path next = Files.createDirectories(folder.resolve("releases/2"));
        Files.writeString(next.resolve("index.html"), "second");
        Path current = Files.createSymbolicLink(folder.resolve("current"), site);
        start(key("folder"), current.toString());
        assertThat(get("/static/").text()).isEqualTo("home");

        Path swap = Files.createSymbolicLink(folder.resolve("swap"), next);
        Files.move(swap, current, java.nio.file.StandardCopyOption.ATOMIC_MOVE);

        assertThat(get("/static/").text()).isEqualTo("second");
    }

    @Test
    void a_client_of_a_canary_keeps_its_place_while_its_file_is_looked_for() throws IOException {
        start(key("folder-missing"), "target");
        plane.openIdle().always(new Effect.Application("green"));
        plane.command(new Command.SetCanary(50, "0123456789abcdef".repeat(2)));
        Response placed = get("/");
        for (int i = 0; i < 100 && !placed.text().startsWith("green"); i++) {
            placed = get("/");
        }
        String cookie = placed.fields().all("Set-Cookie").get(0).split(";", 2)[0];

        for (int i = 0; i < 10; i++) {
            assertThat(get("/static/none", "Cookie: " + cookie + "\r\n").text()).startsWith("green");
        }
        assertThat(get("/static/none").fields().all("Set-Cookie"))
                .as("a new client gets a place")
                .hasSize(1);
    }
}
