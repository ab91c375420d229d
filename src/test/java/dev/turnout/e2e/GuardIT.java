package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.RawClient;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.Response;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Nobody flips who should not")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GuardIT {

    private static final String TOKEN = "a-token-of-these-tests";

    @RegisterExtension
    static final TurnoutExtension arena = new TurnoutExtension();

    private Backend blue;
    private Backend green;
    private TurnoutProcess open;
    private TurnoutProcess guarded;

    @BeforeAll
    void start() {
        blue = arena.application("blue");
        green = arena.application("green");
        open = arena.start(blue, green);
        guarded = arena.start(TurnoutProcess.with()
                .blue(blue)
                .green(green)
                .set("turnout.admin.token", TOKEN)
                .set("turnout.admin.on-front", "true"));
    }

    static Stream<Arguments> foreignRequests() {
        return Stream.of(
                foreign(
                        "a form of another site",
                        "POST /admin/switch?to=green HTTP/1.1\r\nHost: {admin}\r\nOrigin: http://evil.example\r\n"
                                + "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n"
                                + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 8\r\n\r\nto=green"),
                foreign(
                        "a fetch with a foreign Origin",
                        "POST /admin/switch?to=green HTTP/1.1\r\nHost: {admin}\r\nOrigin: http://evil.example\r\n"
                                + "Content-Length: 0\r\n\r\n"),
                foreign(
                        "a sandboxed frame, whose Origin is null",
                        "POST /admin/switch?to=green HTTP/1.1\r\nHost: {admin}\r\nOrigin: null\r\nContent-Length: 0\r\n\r\n"),
                foreign(
                        "an Origin on another port of this machine",
                        "POST /admin/switch?to=green HTTP/1.1\r\nHost: {admin}\r\nOrigin: http://127.0.0.1:1\r\n"
                                + "Content-Length: 0\r\n\r\n"),
                foreign(
                        "a browser that only says cross-site",
                        "POST /admin/switch?to=green HTTP/1.1\r\nHost: {admin}\r\nSec-Fetch-Site: cross-site\r\n"
                                + "Content-Length: 0\r\n\r\n"),
                foreign(
                        "a name that was rebound to this machine",
                        "POST /admin/switch?to=green HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\n\r\n"),
                foreign(
                        "a rebound name with the right port and its own Origin",
                        "POST /admin/switch?to=green HTTP/1.1\r\nHost: evil.example:{port}\r\n"
                                + "Origin: http://evil.example:{port}\r\nSec-Fetch-Site: same-origin\r\n"
                                + "Content-Length: 0\r\n\r\n"),
                foreign(
                        "a rebound name that only looks",
                        "GET /admin/status HTTP/1.1\r\nHost: evil.example:{port}\r\n\r\n"),
                foreign(
                        "a name that begins like a known one",
                        "POST /admin/switch?to=green HTTP/1.1\r\nHost: localhost.evil.example:{port}\r\n"
                                + "Content-Length: 0\r\n\r\n"),
                foreign(
                        "a form of another site that takes a rollback",
                        "POST /admin/rollback HTTP/1.1\r\nHost: {admin}\r\nOrigin: http://evil.example\r\n"
                                + "Content-Length: 0\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("foreignRequests")
    void cannot_flip(String who, String request) throws IOException {
        Response response = send(open.adminAddress(), request);
        assertThat(response.status()).isEqualTo(403);
        assertThat(response.fields().only("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(open.admin().revision()).isEqualTo(1);
    }

    @Test
    void a_get_does_not_flip() throws IOException {
        Response response = send(open.adminAddress(), "GET /admin/switch?to=green HTTP/1.1\r\nHost: {admin}\r\n\r\n");
        assertThat(response.status()).isIn(404, 405);
        assertThat(open.admin().revision()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("ownRequests")
    void the_own_page_and_the_own_names_are_welcome(String request) throws IOException {
        assertThat(send(open.adminAddress(), request).status()).isEqualTo(200);
    }

    static Stream<String> ownRequests() {
        return Stream.of(
                "GET /admin/status HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n",
                "GET /admin/status HTTP/1.1\r\nHost: LOCALHOST:{port}\r\n\r\n",
                "POST /admin/switch?to=green&dry-run=true HTTP/1.1\r\nHost: {admin}\r\nOrigin: http://{admin}\r\n"
                        + "Sec-Fetch-Site: same-origin\r\nContent-Length: 0\r\n\r\n");
    }

    @Test
    void a_token_is_asked_for_on_every_call() throws IOException {
        assertThat(status(guarded.adminAddress(), "GET /admin/status", "")).isEqualTo(401);
        assertThat(status(guarded.adminAddress(), "POST /admin/switch", "")).isEqualTo(401);
        assertThat(status(guarded.adminAddress(), "GET /admin/idle", "Authorization: Bearer wrong\r\n"))
                .isEqualTo(401);
        assertThat(status(guarded.adminAddress(), "GET /admin/idle", "Authorization: Basic " + TOKEN + "\r\n"))
                .isEqualTo(401);
        assertThat(status(guarded.adminAddress(), "GET /admin/idle", "Authorization: Bearer " + TOKEN + "\r\n"))
                .isEqualTo(200);
        assertThat(guarded.admin().revision()).isEqualTo(1);
    }

    @Test
    void the_admin_api_on_the_front_port_asks_for_the_token() throws IOException {
        assertThat(status(guarded.front(), "POST /admin/switch", "")).isEqualTo(401);
        assertThat(status(guarded.front(), "GET /admin/status", "Authorization: Bearer wrong\r\n"))
                .isEqualTo(401);
        assertThat(status(guarded.front(), "GET /admin/status", "Authorization: Bearer " + TOKEN + "\r\n"))
                .isEqualTo(200);
        assertThat(guarded.admin().revision()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/admin/../q/health",
                "/admin/%2e%2e/q/health/ready",
                "/admin/%2E./q/metrics",
                "/admin/..;/q/health",
                "/admin/x/../../q/health",
                "/admin//../../q/health",
                "/admin/%2e%2e%2fq/health",
                "/admin/..\\q\\health",
                "/admin;x/../q/health",
                "/admin/../q/openapi",
                "/ADMIN/../q/health",
                "//admin/../q/health",
                "/%61dmin/../q/health",
                "/admin%2f..%2fq/health",
                "/q/health",
                "http://{admin}/admin/../q/health",
                "/admin?/../q/health",
                "/admin/status/../../q/health"
            })
    void no_path_of_the_front_port_leads_to_other_pages_of_the_admin_server(String path) throws IOException {
        for (String authorization : List.of("", "Authorization: Bearer " + TOKEN + "\r\n")) {
            Response response =
                    send(guarded.front(), "GET " + path + " HTTP/1.1\r\nHost: {admin}\r\n" + authorization + "\r\n");
            boolean isRefused = response.status() == 400 || response.status() == 401 || response.status() == 404;
            boolean isTheServices = response.text().equals("blue");
            boolean isTheDashboard = !authorization.isEmpty() && path.equals("/admin?/../q/health");
            assertThat(isRefused || isTheServices || isTheDashboard)
                    .as("%s: %s", path, response)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/admin/status?service=%zz", "/admin/st%zztus", "/admin/..%"})
    void what_is_misspelt_is_401_first(String target) throws IOException {
        assertThat(status(guarded.adminAddress(), "GET " + target, "")).isEqualTo(401);
        assertThat(status(guarded.adminAddress(), "GET " + target, "Authorization: Bearer " + TOKEN + "\r\n"))
                .isEqualTo(400);
    }

    @Test
    void the_mark_of_the_front_port_reaches_no_target() throws IOException {
        try (RawClient client = RawClient.to(guarded.front())) {
            client.send("GET /echo HTTP/1.1\r\nHost: shop\r\nX-Turnout-Front: 0\r\n\r\n")
                    .read();
        }
        assertThat(blue.received()).isNotEmpty().noneMatch(bytes -> new String(bytes, StandardCharsets.ISO_8859_1)
                .contains("X-Turnout-Front"));
    }

    @Test
    void without_on_front_the_path_is_the_applications() throws IOException {
        try (RawClient client = open.connect()) {
            assertThat(client.get("/admin/status").read().text()).isEqualTo("blue");
        }
    }

    @Test
    void an_exposed_admin_address_without_a_token_is_a_refused_start() {
        TurnoutProcess exposed = arena.keep(
                TurnoutProcess.with().set("turnout.admin.host", "0.0.0.0").launch());
        assertThat(exposed.awaitExit()).isNotZero();
        assertThat(exposed.log()).contains("turnout.admin.token");
    }

    @Test
    void the_admin_api_on_the_front_without_a_token_is_a_refused_start() {
        TurnoutProcess exposed = arena.keep(
                TurnoutProcess.with().set("turnout.admin.on-front", "true").launch());
        assertThat(exposed.awaitExit()).isNotZero();
        assertThat(exposed.log()).contains("turnout.admin.token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "127.0.0.1"})
    void the_front_finds_the_admin_api_on_whatever_address_that_listens(String host) throws IOException {
        TurnoutProcess turnout = arena.start(TurnoutProcess.with()
                .blue(blue)
                .set("turnout.admin.host", host)
                .set("turnout.admin.token", TOKEN)
                .set("turnout.admin.on-front", "true"));
        String authorization = "Authorization: Bearer " + TOKEN + "\r\n";
        assertThat(status(turnout.front(), "GET /admin/status", authorization)).isEqualTo(200);
    }

    @Test
    void a_call_through_the_front_is_none_of_a_slot_in_the_access_log(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("access.log");
        TurnoutProcess turnout = arena.start(TurnoutProcess.with()
                .blue(blue)
                .set("turnout.access-log", "json")
                .set("turnout.access-log-file", file.toString())
                .set("turnout.admin.token", TOKEN)
                .set("turnout.admin.on-front", "true"));
        assertThat(status(turnout.front(), "GET /admin/status", "Authorization: Bearer " + TOKEN + "\r\n"))
                .isEqualTo(200);

        Await.until("the line of the call", () -> !LogLines.of(file).isEmpty());
        JsonObject line = new JsonObject(LogLines.of(file).get(0));
        assertThat(line.getString("target")).isEqualTo("/admin/status");
        assertThat(line.fieldNames()).contains("upstream").doesNotContain("service", "slot");
    }

    @Test
    void a_call_for_another_revision_is_not_carried_out() throws IOException {
        assertThat(status(open.adminAddress(), "POST /admin/switch?to=green", "If-Match: \"99\"\r\n"))
                .isEqualTo(412);
        assertThat(open.admin().revision()).isEqualTo(1);
    }

    private static Arguments foreign(String who, String request) {
        return Arguments.of(who, request);
    }

    private static int status(URI address, String call, String lines) throws IOException {
        return send(address, call + " HTTP/1.1\r\nHost: {admin}\r\n" + lines + "Content-Length: 0\r\n\r\n")
                .status();
    }

    private static Response send(URI address, String request) throws IOException {
        try (RawClient client = RawClient.to(address)) {
            return client.send(request.replace("{admin}", address.getAuthority())
                            .replace("{port}", String.valueOf(address.getPort())))
                    .read();
        }
    }
}
