package dev.turnout.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.config.PasswordFile;
import dev.turnout.support.Effect;
import dev.turnout.support.Http2Client;
import dev.turnout.support.RawClient;
import dev.turnout.support.wire.Response;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code turnout.rules."NAME".auth-file}, over real sockets. */
@DisplayName("A rule lets only those in who know a password")
final class PasswordRulesTest {

    /** Of the password "secret", with cost 4, made with libxcrypt. */
    private static final String LINE = "ann:$2b$04$Dvpca6lVWZwyejoXQSwN2uywuHqCWd8q3rm228wJWechRPlvz2LQm\n";

    private static final String ASKS = "Basic realm=\"Restricted\", charset=\"UTF-8\"";

    @TempDir
    private Path folder;

    private Path file;
    private TlsPlane plane;
    private RawClient client;

    private void start(String... settings) throws IOException {
        file = folder.resolve("passwords");
        write(LINE);
        List<String> all = new ArrayList<>(List.of(key("auth-file"), file.toString()));
        all.addAll(List.of(settings));
        plane = TlsPlane.start(folder, "jdk", all.toArray(String[]::new));
        plane.backend().always(new Effect.Application("blue"));
        client = connect();
    }

    private RawClient connect() throws IOException {
        return RawClient.to(
                URI.create("http://127.0.0.1:" + plane.plane().plainPort().orElseThrow()));
    }

    /** Replaces the file in one step, as a user should. */
    private void write(String text) throws IOException {
        Path next = Files.writeString(folder.resolve("passwords.next"), text);
        Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-------"));
        Files.move(next, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        plane.close();
    }

    private static String key(String name) {
        return "turnout.rules.\"50-login\"." + name;
    }

    private static String basic(String credentials) {
        return "Authorization: Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8)) + "\r\n";
    }

    private Response send(String method, String lines) throws IOException {
        return client.send(method + " / HTTP/1.1\r\nHost: shop.kr\r\n" + lines + "\r\n")
                .read();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Authorization: Basic\r\n",
                "Authorization: Basic ?\r\n",
                "Authorization: Basic YW5u\r\n",
                "Authorization: Bearer YW5uOnNlY3JldA==\r\n",
                "Authorization: Basic YW5uOnNlY3JldA==\r\nAuthorization: Basic YW5uOnNlY3JldA==\r\n",
                "Authorization: Basic YW5uOndyb25n\r\n",
                "Authorization: Basic ZXZlOnNlY3JldA==\r\n",
                "Authorization: Basic YW5uOnNlY3JldAA=\r\n"
            })
    void without_a_right_password_a_request_gets_401_and_no_target(String lines) throws IOException {
        start();

        Response refused = send("GET", lines);

        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.fields().only("WWW-Authenticate")).hasValue(ASKS);
        assertThat(refused.fields().only("X-Turnout")).hasValue("rule: 50-login");
        assertThat(plane.backend().requests()).isZero();
        assertThat(send("GET", basic("ann:secret")).text())
                .as("on the same connection")
                .isEqualTo("blue");
    }

    @ParameterizedTest
    @CsvSource({"HEAD", "OPTIONS", "PUT"})
    void every_method_needs_the_password(String method) throws IOException {
        start();

        Response refused = client.send(method + " / HTTP/1.1\r\nHost: h\r\nAccept: text/html\r\n\r\n")
                .read(method);

        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.fields().only("WWW-Authenticate")).hasValue(ASKS);
    }

    @Test
    void a_password_is_right_again_and_again_and_wrong_once_it_has_changed() throws IOException {
        start();
        assertThat(send("GET", basic("ann:secret")).text()).isEqualTo("blue");
        assertThat(send("GET", "authorization: BASIC  YW5uOnNlY3JldA==\r\n").text())
                .isEqualTo("blue");

        write("ann:" + PasswordFile.hash("other".getBytes(UTF_8)) + "\n");
        plane.change(key("auth-realm"), "Staff only");

        Response refused = send("GET", basic("ann:secret"));
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.fields().only("WWW-Authenticate")).hasValue("Basic realm=\"Staff only\", charset=\"UTF-8\"");
        assertThat(send("GET", basic("ann:other")).text()).isEqualTo("blue");
    }

    @Test
    void the_target_gets_the_password_unless_the_rule_keeps_it() throws IOException {
        start();
        send("GET", basic("ann:secret"));
        plane.change(key("auth-pass"), "false");
        send("GET", basic("ann:secret"));

        var arrivals = plane.backend().arrivals();
        assertThat(arrivals.get(0).head().fields().all("Authorization")).hasSize(1);
        assertThat(arrivals.get(1).head().fields().all("Authorization")).isEmpty();
    }

    @Test
    void later_rules_answer_only_those_who_know_the_password() throws IOException {
        start("turnout.rules.\"60-note\".answer", "the note", "turnout.rules.\"60-note\".answer-status", "203");

        assertThat(send("GET", basic("ann:wrong")).status()).isEqualTo(401);
        Response note = send("GET", basic("ann:secret"));

        assertThat(note.status()).isEqualTo(203);
        assertThat(note.text()).isEqualTo("the note");
        assertThat(note.fields().only("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain"));
        assertThat(send("GET", basic("ann:secret")).status()).isEqualTo(203);
    }

    @Test
    void a_later_rule_that_answers_503_fails_no_request_whether_a_password_was_checked_or_known() throws IOException {
        start("turnout.rules.\"60-off\".answer", "not now", "turnout.rules.\"60-off\".answer-status", "503");

        assertThat(send("GET", basic("ann:secret")).status()).isEqualTo(503);
        assertThat(send("GET", basic("ann:secret")).status()).isEqualTo(503);

        assertThat(plane.failed()).isZero();
    }

    @Test
    void a_body_waits_with_its_request() throws IOException {
        start();
        byte[] body = "x".repeat(300_000).getBytes(UTF_8);
        client.send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 300000\r\n" + basic("ann:secret") + "\r\n");
        client.send(new String(body, UTF_8));

        assertThat(client.read().text()).isEqualTo("blue");
        assertThat(plane.backend().onlyArrival().body().orElseThrow().length()).isEqualTo(300_000);
    }

    @Test
    void over_http_2_it_is_the_same() throws Exception {
        start();
        try (Http2Client http2 = Http2Client.to(plane.plane().plainPort().orElseThrow())) {
            http2.get(1, "/");
            assertThat(http2.answer(1).status()).isEqualTo(401);
            assertThat(String.join("\n", http2.on(1).heads())).contains("www-authenticate");
            http2.get(3, "/", "authorization=Basic YW5uOndyb25n");
            http2.get(5, "/", "authorization=Basic YW5uOnNlY3JldA==");
            http2.get(7, "/", "authorization=Basic YW5uOnNlY3JldA==");
            assertThat(http2.answer(3).status()).isEqualTo(401);
            assertThat(http2.answer(5).body()).isEqualTo("blue");
            assertThat(http2.answer(7).body()).isEqualTo("blue");
        }
    }

    @Test
    void a_file_with_a_wrong_line_stops_a_start_and_a_reload_and_the_old_passwords_hold() throws IOException {
        start();
        write("ann:secret\n");

        assertThatThrownBy(() -> plane.change(key("auth-pass"), "false"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(key("auth-file") + "=" + file + ": line 1: the password is not hashed");
        assertThat(send("GET", basic("ann:secret")).text()).isEqualTo("blue");
    }
}
