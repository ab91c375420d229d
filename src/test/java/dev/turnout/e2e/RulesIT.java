package dev.turnout.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Http2Client;
import dev.turnout.support.RawClient;
import dev.turnout.support.TestAuthority;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Every kind of rule does the same over HTTP/1 and HTTP/2, plain and over TLS")
final class RulesIT {

    private static final String HOST = "shop.example";

    /** Of the password "secret", with cost 4. */
    private static final String ANN = "ann:$2b$04$Dvpca6lVWZwyejoXQSwN2uywuHqCWd8q3rm228wJWechRPlvz2LQm\n";

    /** Of a password that nobody knows, with cost 11: a check takes a while. */
    private static final String SLOW = "eve:$2y$11$4OYeFzyqdSFg/4xCVaeQM.qzUSPvSpMw1Hr3DGtjqqtJqYbKnPFBa\n";

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    @TempDir
    Path folder;

    private final Backend blue = arena.application("blue");
    private final Backend green = arena.application("green");

    /** How a client speaks. */
    enum Way {
        HTTP_1,
        HTTP_1_TLS,
        HTTP_2,
        HTTP_2_TLS
    }

    private record Seen(int status, String text) {}

    private TurnoutProcess.Settings settings() throws IOException {
        Path passwords = Files.writeString(folder.resolve("passwords"), ANN + user("bob") + user("cid") + SLOW);
        Files.setPosixFilePermissions(passwords, PosixFilePermissions.fromString("rw-------"));
        Path site = Files.createDirectories(folder.resolve("site"));
        Files.writeString(site.resolve("index.html"), "home");
        Files.writeString(site.resolve("large.txt"), "0123456789".repeat(50_000));
        return TurnoutProcess.with()
                .blue(blue)
                .green(green)
                .tls(TestAuthority.root("test"), HOST)
                .set(key("10-old", "path"), "/old")
                .set(key("10-old", "redirect"), "/new{rest}")
                .set(key("20-note", "path"), "/robots.txt")
                .set(key("20-note", "answer"), "nobody")
                .set(key("30-deny", "path"), "/internal")
                .set(key("30-deny", "deny"), "127.0.0.0/8,::1/128")
                .set(key("40-login", "path"), "/private")
                .set(key("40-login", "auth-file"), passwords.toString())
                .set(key("50-body", "path"), "/small")
                .set(key("50-body", "body"), "4")
                .set(key("60-files", "path"), "/files")
                .set(key("60-files", "folder"), site.toString())
                .set(key("70-rate", "path"), "/rare")
                .set(key("70-rate", "rate"), "1/h");
    }

    /** Returns the line of another user with Ann's password. */
    private static String user(String name) {
        return ANN.replace("ann:", name + ":");
    }

    private static String key(String rule, String name) {
        return "turnout.rules.\"" + rule + "\"." + name;
    }

    private static String basic(String credentials) {
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8));
    }

    private static Seen get(TurnoutProcess turnout, Way way, String path, String authorization) throws IOException {
        return switch (way) {
            case HTTP_1 -> overHttp1(turnout.connect(), path, authorization);
            case HTTP_1_TLS -> overHttp1(turnout.connectSecure(HOST), path, authorization);
            case HTTP_2 -> overHttp2(Http2Client.to(turnout.front().getPort()), path, authorization);
            case HTTP_2_TLS -> overHttp2(Http2Client.secure(turnout.secureFront(), HOST), path, authorization);
        };
    }

    private static Seen overHttp1(RawClient opened, String path, String authorization) throws IOException {
        try (RawClient client = opened) {
            String line = authorization.isEmpty() ? "" : "Authorization: " + authorization + "\r\n";
            Response response = client.send("GET " + path + " HTTP/1.1\r\nHost: " + HOST + "\r\n" + line + "\r\n")
                    .read();
            return new Seen(response.status(), response.text());
        }
    }

    private static Seen overHttp2(Http2Client opened, String path, String authorization) throws IOException {
        try (Http2Client client = opened) {
            client.open(0, 1 << 20);
            client.get(
                    1, path, authorization.isEmpty() ? new String[0] : new String[] {"authorization=" + authorization});
            client.open(1, 1 << 20);
            Http2Client.Answer answer = client.answer(1);
            return new Seen(answer.status(), answer.body());
        }
    }

    @ParameterizedTest
    @EnumSource
    void each_kind_of_rule_answers(Way way) throws IOException {
        TurnoutProcess turnout = arena.start(settings());

        assertThat(get(turnout, way, "/", "")).isEqualTo(new Seen(200, "blue"));
        assertThat(get(turnout, way, "/old/x", "").status()).isEqualTo(301);
        assertThat(get(turnout, way, "/robots.txt", "")).isEqualTo(new Seen(200, "nobody"));
        assertThat(get(turnout, way, "/internal", "").status()).isEqualTo(403);
        assertThat(get(turnout, way, "/private", "").status()).isEqualTo(401);
        assertThat(get(turnout, way, "/private", basic("ann:wrong")).status()).isEqualTo(401);
        assertThat(get(turnout, way, "/private", basic("ann:secret"))).isEqualTo(new Seen(200, "blue"));
        assertThat(get(turnout, way, "/private", basic("ann:secret"))).isEqualTo(new Seen(200, "blue"));
        assertThat(get(turnout, way, "/files/", "")).isEqualTo(new Seen(200, "home"));
        assertThat(get(turnout, way, "/files/large.txt", "").text()).startsWith("0123456789");
        assertThat(get(turnout, way, "/files/none", "").status()).isEqualTo(404);
        assertThat(get(turnout, way, "/rare", "").status()).isEqualTo(200);
        assertThat(get(turnout, way, "/rare", "").status()).isEqualTo(429);
    }

    @Test
    void who_guesses_passwords_lets_everybody_else_in() throws IOException {
        TurnoutProcess turnout = arena.start(settings());
        assertThat(get(turnout, Way.HTTP_1, "/private", basic("ann:secret")).status())
                .isEqualTo(200);
        List<RawClient> guessing = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                guessing.add(turnout.connect()
                        .send("GET /private HTTP/1.1\r\nHost: " + HOST + "\r\nAuthorization: " + basic("eve:" + i)
                                + "\r\n\r\n"));
            }
            for (int i = 0; i < 20; i++) {
                assertThat(get(turnout, Way.HTTP_1, "/", "").text()).isEqualTo("blue");
                assertThat(get(turnout, Way.HTTP_1, "/private", basic("ann:secret"))
                                .text())
                        .as("with a password that is known")
                        .isEqualTo("blue");
            }
            List<Integer> statuses = new ArrayList<>();
            for (RawClient client : guessing) {
                statuses.add(client.read().status());
            }
            // A check that its turn comes too late for is answered 503.
            assertThat(statuses).contains(429).isSubsetOf(401, 429, 503);
        } finally {
            for (RawClient client : guessing) {
                client.close();
            }
        }
        assertThat(blue.violations()).isEmpty();
    }

    @Test
    void a_start_with_a_broken_password_file_says_which_line() throws IOException {
        TurnoutProcess.Settings settings = settings();
        Files.writeString(folder.resolve("passwords"), ANN + "bob:secret\n");

        TurnoutProcess turnout = arena.keep(settings.launch());

        assertThat(turnout.awaitExit()).isNotZero();
        assertThat(turnout.log())
                .contains("line 2: the password is not hashed with bcrypt")
                .doesNotContain("bob:secret");
    }

    @Test
    void a_reload_reads_the_passwords_again_when_no_key_has_changed() throws IOException {
        TurnoutProcess turnout = arena.start(settings());
        Path passwords = folder.resolve("passwords");
        assertThat(get(turnout, Way.HTTP_1, "/rare", "").status()).isEqualTo(200);
        assertThat(login(turnout, "ann")).isEqualTo(200);
        assertThat(login(turnout, "dan")).isEqualTo(401);

        Files.writeString(passwords, user("dan"));
        turnout.admin().post("/admin/reload").expect(200);
        assertThat(login(turnout, "ann")).isEqualTo(401);
        assertThat(login(turnout, "dan")).isEqualTo(200);
        assertThat(get(turnout, Way.HTTP_1, "/rare", "").status())
                .as("what a client has used of a rate")
                .isEqualTo(429);

        Files.writeString(passwords, "eve:secret\n");
        assertThat(turnout.admin().post("/admin/reload").expect(422).text())
                .contains(
                        "auth-file=" + passwords,
                        "line 1: the password is not hashed with bcrypt",
                        "Nothing has changed")
                .doesNotContain("eve:secret");
        assertThat(login(turnout, "dan")).isEqualTo(200);

        Files.writeString(passwords, ANN);
        turnout.signal("HUP");
        Await.until("the signal is answered", () -> login(turnout, "dan") == 401);
        assertThat(login(turnout, "ann")).isEqualTo(200);
        assertThat(blue.violations()).isEmpty();
    }

    private static int login(TurnoutProcess turnout, String user) {
        try {
            return get(turnout, Way.HTTP_1, "/private", basic(user + ":secret")).status();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Service, request, credentials, then what the line of the log says: status, cause, user. */
    private static final List<String> LINES = List.of(
            "shop   | GET  /             |            | 200 | -                | -",
            "shop   | GET  /private      | ann:secret | 200 | -                | ann",
            "shop   | GET  /private      | ann:secret | 200 | -                | ann",
            "shop   | GET  /private      |            | 401 | rule: 40-login   | -",
            "shop   | GET  /private      | ann:wrong  | 401 | rule: 40-login   | -",
            "shop   | GET  /private/in   | bob:secret | 403 | rule: 41-in      | bob",
            "shop   | GET  /private/in   | bob:secret | 403 | rule: 41-in      | bob",
            "shop   | GET  /private/say  | ann:secret | 200 | rule: 42-say     | ann",
            "shop   | POST /private/tiny | ann:secret | 413 | body-too-large   | ann",
            "shop   | GET  /internal     |            | 403 | rule: 30-deny    | -",
            "shop   | GET  /old          |            | 301 | rule: 10-old     | -",
            "shop   | GET  /rare         |            | 200 | -                | -",
            "shop   | GET  /rare         |            | 429 | rule: 70-rate    | -",
            "shop   | POST /small        |            | 413 | body-too-large   | -",
            "shop   | GET  /files/       |            | 200 | -                | -",
            "shop   | GET  /files/none   |            | 404 | rule: 60-files   | -",
            "shop   | GET  /a/%2e%2e/b   |            | 400 | ambiguous-path   | -",
            "tiny   | POST /             |            | 413 | body-too-large   | -",
            "dead   | GET  /             |            | 502 | connect-failed   | -",
            "dead   | GET  /private      | cid:secret | 502 | connect-failed   | cid",
            "closed | GET  /             |            | 503 | maintenance      | -",
            "paused | GET  /private      | ann:secret | 503 | pause-timeout    | ann",
            "-      | GET  /             |            | 400 | bad-host         | -");

    @Test
    void a_line_of_the_log_names_service_and_user_of_a_request_that_is_refused_too() throws IOException {
        Path log = folder.resolve("access.log");
        TurnoutProcess turnout = arena.start(lines(log));
        turnout.admin().post("/admin/maintenance?service=closed").expect(200);
        turnout.admin().post("/admin/pause?service=paused").expect(200);

        List<String> seen = new ArrayList<>();
        for (String line : LINES) {
            String[] cells = line.split("\\|");
            String[] request = cells[1].strip().split(" +");
            String host = cells[0].strip().equals("-") ? "a b" : cells[0].strip() + ".example";
            int before = LogLines.of(log).size();
            try (RawClient client = turnout.connect()) {
                client.send(request[0] + " " + request[1] + " HTTP/1.1\r\nHost: " + host + "\r\n"
                                + (cells[2].isBlank() ? "" : "Authorization: " + basic(cells[2].strip()) + "\r\n")
                                + (request[0].equals("POST") ? "Content-Length: 5\r\n\r\nhello" : "\r\n"))
                        .read();
            }
            Await.until("a line in the log", () -> LogLines.of(log).size() > before);
            String[] told = LogLines.of(log).get(before).split("\\|");
            seen.add(String.format(
                    "%-6s |%s|%s| %s | %-16s | %s", told[0], cells[1], cells[2], told[1], told[2], told[3]));
        }

        assertThat(seen).isEqualTo(LINES);
    }

    private TurnoutProcess.Settings lines(Path log) throws IOException {
        TurnoutProcess.Settings settings = settings()
                .set(key("41-in", "path"), "/private/in")
                .set(key("41-in", "deny"), "127.0.0.0/8")
                .set(key("42-say", "path"), "/private/say")
                .set(key("42-say", "answer"), "hello")
                .set(key("43-tiny", "path"), "/private/tiny")
                .set(key("43-tiny", "body"), "4")
                .set("turnout.services.\"tiny\".limits.body", "4")
                .set("turnout.services.\"paused\".pause.timeout", "100ms")
                .set("turnout.access-log", "template")
                .set("turnout.access-log-template", "{service}|{status}|{cause}|{user}")
                .set("turnout.access-log-file", log.toString());
        for (String service : List.of("shop", "tiny", "dead", "closed", "paused")) {
            String prefix = "turnout.services.\"" + service + "\".";
            settings.set(prefix + "hosts", service + ".example")
                    .set(prefix + "blue", service.equals("dead") ? "127.0.0.1:1" : blue.address())
                    .set(prefix + "green", green.address());
        }
        return settings;
    }
}
