package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.RawClient;
import dev.turnout.support.SmallDisk;
import dev.turnout.support.SocketEnd;
import dev.turnout.support.TestAuthority;
import dev.turnout.support.TrustAll;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.Frame;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The access log: a line for whatever a client got, and never in the way")
final class AccessLogIT {

    @RegisterExtension
    static final TurnoutExtension ARENA = new TurnoutExtension();

    @TempDir
    private static Path folder;

    private static final Map<Format, TurnoutProcess> TURNOUTS = new EnumMap<>(Format.class);
    private static final Map<Format, Path> FILES = new EnumMap<>(Format.class);
    private static final Map<Format, Footprint> FOOTPRINTS = new EnumMap<>(Format.class);

    private static Backend blue;
    private static Backend green;

    /** One line, whatever its format; what a format does not tell, or what is not there, is {@code -}. */
    private record Line(
            String request,
            int status,
            long bytes,
            String referer,
            String agent,
            String slot,
            String target,
            String cause) {}

    private enum Format {
        COMBINED {
            @Override
            Line read(String text) {
                Matcher line = LINE.matcher(text);
                assertThat(line.matches()).as(text).isTrue();
                return new Line(
                        line.group(1),
                        Integer.parseInt(line.group(2)),
                        Long.parseLong(line.group(3)),
                        line.group(4),
                        line.group(5),
                        line.group(6),
                        line.group(7),
                        line.group(8));
            }
        },
        JSON {
            @Override
            Line read(String text) {
                JsonObject line = new JsonObject(text);
                assertThat(line.getString("client")).isEqualTo("127.0.0.1");
                assertThat(line.getLong("millis")).isNotNegative();
                assertThat(OffsetDateTime.parse(line.getString("time")))
                        .isCloseTo(OffsetDateTime.now(), within(5, ChronoUnit.MINUTES));
                return new Line(
                        line.containsKey("method")
                                ? line.getString("method") + " " + line.getString("target") + " "
                                        + line.getString("version")
                                : "-",
                        line.getInteger("status"),
                        line.getLong("bytes"),
                        orDash(line.getString("referer")),
                        orDash(line.getString("userAgent")),
                        orDash(line.getString("slot")),
                        orDash(line.getString("upstream")),
                        orDash(line.getString("cause")));
            }
        };

        private static final Pattern LINE = Pattern.compile(
                "127\\.0\\.0\\.1 - - \\[\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d [+-]\\d{4}] \"([^\"]*)\" (\\d{3}) (\\d+) "
                        + "\"([^\"]*)\" \"([^\"]*)\" (\\S+) (\\S+) \\d+\\.\\d{3} (?:-|\\d+\\.\\d{3}) (.+)");

        abstract Line read(String text);

        private static String orDash(String text) {
            return text == null || text.isEmpty() ? "-" : text;
        }
    }

    @BeforeAll
    static void start() {
        blue = ARENA.backend();
        green = ARENA.backend();
        for (Format format : Format.values()) {
            TurnoutProcess.Settings settings = settings(format);
            FILES.put(format, settings.stateDirectory().resolveSibling("access.log"));
            settings.set("turnout.access-log-file", FILES.get(format).toString());
            TURNOUTS.put(format, ARENA.start(settings));
            FOOTPRINTS.put(format, Footprint.of(TURNOUTS.get(format)));
        }
    }

    private static TurnoutProcess.Settings settings(Format format) {
        return TurnoutProcess.with()
                .blue(blue)
                .green(green)
                .set("turnout.access-log", format.name().toLowerCase(Locale.ROOT))
                .set("turnout.drain.timeout", "300ms")
                .set("turnout.client.head", "300ms")
                .set("turnout.limits.body", "1000");
    }

    @BeforeEach
    void forget() {
        blue.forget();
        blue.always(Effect.ok("hello"));
    }

    @AfterAll
    static void nothingIsLost() throws IOException {
        for (Footprint footprint : FOOTPRINTS.values()) {
            footprint.assertRegained();
        }
    }

    /** The one line that is new, once it is there. */
    private static Line lineOf(Format format, Exchanging exchanging) throws Exception {
        Path file = FILES.get(format);
        int before = LogLines.of(file).size();
        try (RawClient client = TURNOUTS.get(format).connect()) {
            exchanging.with(client);
        }
        Await.until("a line in the log", () -> LogLines.of(file).size() > before);
        List<String> lines = LogLines.of(file);
        assertThat(lines.size()).as(String.join("\n", lines)).isEqualTo(before + 1);
        return format.read(lines.get(before));
    }

    private interface Exchanging {
        void with(RawClient client) throws Exception;
    }

    private static Line served(String request, int status, long bytes, String cause) {
        return new Line(request, status, bytes, "-", "-", "blue", blue.address(), cause);
    }

    private static Line refused(String request, int status, long bytes, String cause) {
        return new Line(request, status, bytes, "-", "-", "-", "-", cause);
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void an_answer_of_the_application(Format format) throws Exception {
        Line line = lineOf(format, client -> client.send(
                        "GET /a?b=c HTTP/1.1\r\nHost: a\r\nReferer: http://r/\r\n" + "User-Agent: agent/1 (x)\r\n\r\n")
                .read());
        assertThat(line)
                .isEqualTo(new Line(
                        "GET /a?b=c HTTP/1.1", 200, 5, "http://r/", "agent/1 (x)", "blue", blue.address(), "-"));
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void an_answer_to_head_has_no_bytes_and_an_old_client_its_version(Format format) throws Exception {
        assertThat(lineOf(format, client -> client.send("HEAD /a HTTP/1.0\r\n\r\n")
                        .read("HEAD")))
                .isEqualTo(served("HEAD /a HTTP/1.0", 200, 0, "-"));
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void pipelined_requests_have_a_line_each(Format format) throws Exception {
        Path file = FILES.get(format);
        int before = LogLines.of(file).size();
        try (RawClient client = TURNOUTS.get(format).connect()) {
            client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n".repeat(3));
            for (int i = 0; i < 3; i++) {
                client.read();
            }
        }
        Await.until("three lines in the log", () -> LogLines.of(file).size() == before + 3);
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void an_answer_that_turnout_makes(Format format) throws Exception {
        blue.next(Effect.cutBeforeHead(SocketEnd.CLOSE));
        long[] length = new long[1];
        assertThat(lineOf(
                        format,
                        client -> length[0] = client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
                                .read()
                                .body()
                                .length()))
                .isEqualTo(served("POST / HTTP/1.1", 502, length[0], "target-closed"));
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void what_is_no_request(Format format) throws Exception {
        long[] length = new long[1];
        assertThat(lineOf(
                        format,
                        client -> length[0] = client.send("GET / HTTP/1.1\r\nHost: \"]\nINJECTED 200\r\n\r\n")
                                .read()
                                .body()
                                .length()))
                .isEqualTo(refused("-", 400, length[0], "bare-lf"));
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void a_request_that_never_comes_whole(Format format) throws Exception {
        long[] length = new long[1];
        assertThat(lineOf(
                        format,
                        client -> length[0] = client.send("GET / HTTP/1.1\r\nHo")
                                .read()
                                .body()
                                .length()))
                .isEqualTo(refused("-", 408, length[0], "client-head-timeout"));
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void a_request_that_is_over_a_limit(Format format) throws Exception {
        long[] length = new long[1];
        assertThat(lineOf(
                        format,
                        client ->
                                length[0] = client.send("POST /big HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n")
                                        .read()
                                        .body()
                                        .length()))
                .isEqualTo(refused("POST /big HTTP/1.1", 413, length[0], "body-too-large"));
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void a_client_that_is_gone_before_the_answer(Format format) throws Exception {
        CountDownLatch word = new CountDownLatch(1);
        blue.next(Effect.heldUntil(word, Effect.ok("too late")));
        assertThat(lineOf(format, client -> {
                    client.get("/gone");
                    Await.until("the request", () -> blue.requests() == 1);
                    client.end(SocketEnd.RESET);
                }))
                .isEqualTo(served("GET /gone HTTP/1.1", 499, 0, "client-gone"));
        word.countDown();
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void a_client_that_is_gone_within_the_answer(Format format) throws Exception {
        blue.next(Effect.raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"));
        assertThat(lineOf(format, client -> {
                    client.get("/gone").read("HEAD");
                    client.in().readNBytes(5);
                    client.end(SocketEnd.RESET);
                }))
                .isEqualTo(served("GET /gone HTTP/1.1", 200, 5, "client-gone"));
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void an_answer_that_the_application_breaks_off(Format format) throws Exception {
        blue.next(Effect.cutInBody(SocketEnd.CLOSE));
        assertThat(lineOf(format, client -> client.get("/broken").readUntilClosed()))
                .isEqualTo(served("GET /broken HTTP/1.1", 200, 5, "target-closed"));
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void a_request_that_is_cut_at_the_end_of_a_drain(Format format) throws Exception {
        CountDownLatch word = new CountDownLatch(1);
        blue.next(Effect.heldUntil(word, Effect.ok("too late")));
        long[] length = new long[1];
        assertThat(lineOf(format, client -> {
                    client.get("/cut");
                    Await.until("the request", () -> blue.requests() == 1);
                    TURNOUTS.get(format).admin().switchTo("green");
                    length[0] = client.read().body().length();
                }))
                .isEqualTo(served("GET /cut HTTP/1.1", 503, length[0], "drain-timeout"));
        word.countDown();
        TURNOUTS.get(format).admin().switchTo("blue");
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void a_websocket_has_its_line_at_its_end(Format format) throws Exception {
        String accepted = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + WebSocketClient.ACCEPT + "\r\n\r\n\u0081\u0002hi";
        blue.next(Effect.raw(accepted));
        assertThat(lineOf(format, client -> {
                    WebSocketClient socket = WebSocketClient.open(client, "");
                    assertThat(socket.read().text()).isEqualTo("hi");
                    socket.send(Frame.close(1000)).end(SocketEnd.RESET);
                }))
                .isEqualTo(served("GET /socket HTTP/1.1", 101, 4, "client-gone"));
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void nothing_that_a_client_sends_ends_its_field_or_its_line(Format format) throws Exception {
        Line line = lineOf(format, client -> client.send("GET /%22%0a HTTP/1.1\r\nHost: a\r\n"
                        + "Referer: \"} , \\\" \\n\r\nUser-Agent: a\tb\u00e9\u0080\"\r\n\r\n")
                .read());
        if (format == Format.JSON) {
            assertThat(line.referer()).isEqualTo("\"} , \\\" \\n");
            assertThat(line.agent()).isEqualTo("a\tb\u00e9\u0080\"");
        } else {
            assertThat(line.referer()).isEqualTo("\\u0022} , \\u005c\\u0022 \\u005cn");
            assertThat(line.agent()).isEqualTo("a\\u0009b\\u00e9\\u0080\\u0022");
        }
    }

    @Test
    void a_head_at_its_limit_has_a_whole_line() throws Exception {
        String host = "h".repeat(15_000);
        Line line = lineOf(
                Format.JSON, client -> client.send("GET / HTTP/1.1\r\nHost: " + host + "\r\nUser-Agent: last\r\n\r\n")
                        .read());
        assertThat(line.agent()).isEqualTo("last");
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void a_file_that_is_renamed_is_left_and_a_new_one_begun(Format format) throws Exception {
        Path file = FILES.get(format);
        Path old = file.resolveSibling("access.log.1");
        lineOf(format, client -> client.get("/before").read());
        Files.move(file, old, StandardCopyOption.REPLACE_EXISTING);
        AtomicInteger asked = new AtomicInteger();
        Await.until("a new file", () -> {
            get(format, "/renamed");
            asked.incrementAndGet();
            return Files.exists(file);
        });
        Await.until(
                "a line for each request, in one file or the other",
                () -> linesWith("/renamed", old) + linesWith("/renamed", file) == asked.get());
        assertThat(LogLines.of(old)).anyMatch(line -> line.contains("/before"));
        Await.until("the old file let go", () -> TURNOUTS.get(format).openFiles().stream()
                .noneMatch(open -> open.equals(old.toString())));
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void a_file_that_is_copied_and_truncated_goes_on_from_its_start(Format format) throws Exception {
        Path file = FILES.get(format);
        lineOf(format, client -> client.get("/before").read());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(0);
        }
        assertThat(lineOf(format, client -> client.get("/after").read()))
                .isEqualTo(served("GET /after HTTP/1.1", 200, 5, "-"));
        assertThat(Files.readAllBytes(file)).doesNotContain(0);
    }

    private static long linesWith(String path, Path file) {
        return LogLines.of(file).stream().filter(line -> line.contains(path)).count();
    }

    private static void get(Format format, String path) {
        try (RawClient client = TURNOUTS.get(format).connect()) {
            client.get(path).read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_full_disk_loses_lines_and_counts_them_but_holds_nobody_up() throws Exception {
        TurnoutProcess turnout = ARENA.start(settings(Format.JSON).set("turnout.access-log-file", "/dev/full"));
        long started = System.nanoTime();
        try (RawClient client = turnout.connect()) {
            for (int i = 0; i < 2_000; i++) {
                assertThat(client.get("/").read().status()).isEqualTo(200);
            }
        }
        assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started)).isLessThan(60);
        Await.until("2000 lines counted as dropped", () -> dropped(turnout) == 2_000);
        assertThat(turnout.admin().status().getJsonArray("warnings").encode()).contains("access log /dev/full");
        assertThat(turnout.log().split("lines are dropped", -1)).as("said once").hasSize(2);
    }

    private static double dropped(TurnoutProcess turnout) {
        return turnout.admin().metric("turnout_access_log_dropped_total");
    }

    @Test
    void a_disk_that_has_room_again_gets_whole_lines_again() throws Exception {
        Path small = Files.createTempDirectory(folder, "small-disk");
        try (SmallDisk disk = SmallDisk.over(small, "16k")) {
            Path file = disk.folder().resolve("access.log");
            TurnoutProcess turnout = ARENA.start(settings(Format.JSON).set("turnout.access-log-file", file.toString()));
            try (RawClient client = turnout.connect()) {
                Await.until("the disk to be full", () -> {
                    for (int i = 0; i < 50; i++) {
                        ask(client, "/fill");
                    }
                    return dropped(turnout) > 0;
                });
                Await.until("lines again", () -> {
                    ask(client, "/again");
                    if (LogLines.of(file).stream().anyMatch(line -> line.contains("/again"))) {
                        return true;
                    }
                    // Lines that waited for room may have filled the disk again.
                    truncate(file);
                    return false;
                });
            }
            List<String> after = LogLines.of(file).stream()
                    .filter(line -> line.contains("/again"))
                    .toList();
            assertThat(after)
                    .allSatisfy(
                            line -> assertThat(Format.JSON.read(line).status()).isEqualTo(200));
            turnout.close();
        }
    }

    private static void truncate(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(3_000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void ask(RawClient client, String path) {
        try {
            assertThat(client.get(path).read().status()).isEqualTo(200);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void every_line_is_there_after_a_stop() throws Exception {
        TurnoutProcess.Settings settings = settings(Format.COMBINED);
        Path file = settings.stateDirectory().resolveSibling("access.log");
        TurnoutProcess turnout = ARENA.start(
                settings.set("turnout.access-log-file", file.toString()).set("turnout.drain.timeout", "5s"));
        CountDownLatch word = new CountDownLatch(1);
        try (RawClient client = turnout.connect();
                RawClient last = turnout.connect()) {
            for (int i = 0; i < 500; i++) {
                ask(client, "/" + i);
            }
            blue.next(Effect.heldUntil(word, Effect.ok("last")));
            last.get("/last");
            Await.until("the last request", () -> blue.requests() == 501);
            turnout.terminate();
            word.countDown();
            assertThat(last.read().text()).isEqualTo("last");
        }
        assertThat(turnout.awaitExit()).isZero();
        Predicate<String> isLast = line -> line.contains("GET /last ");
        assertThat(LogLines.of(file)).hasSize(501).anyMatch(isLast);
        assertThat(Files.readString(file, StandardCharsets.US_ASCII)).endsWith("-\n");
    }

    private interface Asking {
        void of(TurnoutProcess turnout) throws Exception;
    }

    private static String templateLine(String template, Asking asking) throws Exception {
        return templateLine(template, TurnoutProcess.with(), asking);
    }

    private static String templateLine(String template, TurnoutProcess.Settings settings, Asking asking)
            throws Exception {
        Path file = Files.createTempFile(folder, "access", ".log");
        TurnoutProcess turnout = ARENA.start(settings.blue(blue)
                .green(green)
                .tls(TestAuthority.root("Test Authority"), "shop.example.com")
                .set("turnout.access-log", "template")
                .set("turnout.access-log-template", template)
                .set("turnout.access-log-redact", "token")
                .set("turnout.trusted-proxies", "127.0.0.1")
                .set("turnout.access-log-file", file.toString()));
        asking.of(turnout);
        Await.until("a line in the log", () -> !LogLines.of(file).isEmpty());
        turnout.close();
        return LogLines.of(file).get(0);
    }

    @Test
    @DisplayName(
            "a template has TLS, ids, host, bytes both ways and milliseconds, and no value of a parameter that is redacted")
    void a_template() throws Exception {
        String line = templateLine(
                "{time}|{tls}|{protocol}|{method}|{target}|{referer}|{host}|{status}|{requestBytes}|{bytes}|{requestId}"
                        + "|{traceId}|{service}|{slot}|{upstream}|{cause}|{millis}",
                turnout -> {
                    try (RawClient client = turnout.connectSecure("shop.example.com")) {
                        client.send("POST /a?token=s3cret&b=c HTTP/1.1\r\nHost: shop.example.com\r\n"
                                        + "Content-Length: 4\r\nReferer: https://shop.example.com/?x=1&Token=s3cret\r\n"
                                        + "X-Request-Id: from-the-cdn\r\n"
                                        + "Traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n\r\n"
                                        + "four")
                                .read();
                    }
                });

        assertThat(line)
                .matches(
                        "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\d\\d:\\d\\d)\\|TLSv1\\.3\\|HTTP/1\\.1\\|POST\\|"
                                + Pattern.quote(
                                        "/a?token=***&b=c|https://shop.example.com/?x=1&Token=***|shop.example.com|200|4|5"
                                                + "|from-the-cdn|0af7651916cd43dd8448eb211c80319c|default|blue|"
                                                + blue.address() + "|-|")
                                + "\\d+");
    }

    @Test
    @DisplayName("the trace that Turnout has begun is the trace of the line")
    void a_trace_that_begins_here() throws Exception {
        String line = templateLine(
                "{traceId}", TurnoutProcess.with().set("turnout.tracing.url", "http://127.0.0.1:1"), turnout -> {
                    try (RawClient client = turnout.connect()) {
                        client.get("/").read();
                    }
                });

        assertThat(line).matches("[0-9a-f]{32}");
        assertThat(blue.arrivals().get(0).head().fields().only("traceparent").orElseThrow())
                .startsWith("00-" + line + "-");
    }

    @Test
    @DisplayName("the path is as sent where a rule gives the target another one, and no redacted value is in it")
    void a_path_that_a_rule_moves() throws Exception {
        TurnoutProcess.Settings moved =
                TurnoutProcess.with().set("turnout.rules.\"1\".path", "/api").set("turnout.rules.\"1\".rewrite", "/v2");
        assertThat(templateLine("{method} {target} {status}", moved, turnout -> {
                    try (RawClient client = turnout.connect()) {
                        client.send("GET /api/a?token=s3cret&b=c HTTP/1.1\r\nHost: a\r\n\r\n")
                                .read();
                    }
                }))
                .isEqualTo("GET /api/a?token=***&b=c 200");
    }

    @Test
    @DisplayName("a traceparent that is not well-formed names no trace")
    void a_trace_that_is_none() throws Exception {
        assertThat(templateLine("{traceId}", turnout -> {
                    try (RawClient client = turnout.connect()) {
                        client.send(
                                        "GET / HTTP/1.1\r\nHost: a\r\n"
                                                + "Traceparent: 00-\"af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n\r\n")
                                .read();
                    }
                }))
                .isEqualTo("-");
    }

    @Test
    @DisplayName("a request over HTTP/2 is logged as HTTP/2.0, with its authority as the host and bytes both ways")
    void http_2() throws Exception {
        HttpClient client = HttpClient.newBuilder()
                .sslContext(TrustAll.context())
                .version(HttpClient.Version.HTTP_2)
                .build();
        String[] authority = new String[1];

        String line = templateLine(
                "{client}|{tls}|{protocol}|{method}|{target}|{host}|{status}|{requestBytes}|{bytes}|{slot}|{userAgent}",
                turnout -> {
                    authority[0] = "localhost:" + turnout.secureFront().getPort();
                    HttpRequest request = HttpRequest.newBuilder(
                                    URI.create("https://" + authority[0] + "/a?token=s3cret"))
                            .header("User-Agent", "a client")
                            .POST(HttpRequest.BodyPublishers.ofString("four"))
                            .build();
                    assertThat(client.send(request, HttpResponse.BodyHandlers.ofString())
                                    .version())
                            .isEqualTo(HttpClient.Version.HTTP_2);
                });

        assertThat(line)
                .isEqualTo("127.0.0.1|TLSv1.3|HTTP/2.0|POST|/a?token=***|" + authority[0] + "|200|4|5|blue|a client");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Content-Length: 4\r\n\r\nfour", "Transfer-Encoding: chunked\r\n\r\n4\r\nfour\r\n0\r\n\r\n"})
    @DisplayName("a line in JSON has milliseconds, the bytes of the request, and no TLS without TLS")
    void json_members(String body) throws Exception {
        Path file = FILES.get(Format.JSON);
        int before = LogLines.of(file).size();
        try (RawClient client = TURNOUTS.get(Format.JSON).connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\n" + body).read();
        }
        Await.until("a line in the log", () -> LogLines.of(file).size() > before);

        JsonObject line = new JsonObject(LogLines.of(file).get(before));
        assertThat(line.getString("time")).containsPattern("\\.\\d{3}(Z|[+-])");
        assertThat(line.getLong("requestBytes")).isEqualTo(4);
        assertThat(line.getString("requestId")).isNotEmpty();
        assertThat(line.fieldNames()).doesNotContain("tls", "traceId", "referer", "userAgent");
    }

    @Test
    @DisplayName("/dev/stdout is the output of the program")
    void standard_output() throws Exception {
        TurnoutProcess turnout = ARENA.start(TurnoutProcess.with()
                .blue(blue)
                .green(green)
                .set("turnout.access-log", "combined")
                .set("turnout.access-log-file", "/dev/stdout"));
        try (RawClient client = turnout.connect()) {
            client.send("GET /to-the-output HTTP/1.1\r\nHost: a\r\n\r\n").read();
        }

        Await.until("the line", () -> turnout.log().contains("\"GET /to-the-output HTTP/1.1\" 200 5"));
    }
}
