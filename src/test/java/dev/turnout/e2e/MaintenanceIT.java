package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Admin;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.Http2Client;
import dev.turnout.support.RawClient;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.WebhookReceiver;
import dev.turnout.support.wire.Response;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A service under maintenance answers 503 to all but those allowed, and shows it everywhere")
final class MaintenanceIT {

    private static final String ON = "/admin/maintenance?message=Back+%3Csoon%3E&retry-after=10m";

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    @TempDir
    Path folder;

    private final Backend blue = arena.application("blue");
    private final Backend green = arena.application("green");

    private TurnoutProcess.Settings settings() {
        return TurnoutProcess.with().blue(blue).green(green);
    }

    private static Response get(TurnoutProcess turnout, String lines) throws IOException {
        return send(turnout, "GET / HTTP/1.1\r\nHost: app.example\r\n" + lines + "\r\n");
    }

    private static Response send(TurnoutProcess turnout, String text) throws IOException {
        try (RawClient client = turnout.connect().send(text)) {
            return client.read();
        }
    }

    private static boolean isServed(TurnoutProcess turnout, String lines) throws IOException {
        Response response = get(turnout, lines);
        assertThat(response.status()).isIn(200, 503);
        return response.status() == 200;
    }

    private static void assertRefused(Response response) {
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.fields().only("X-Turnout")).contains("maintenance");
        assertThat(response.fields().only("Retry-After")).contains("600");
    }

    private TurnoutCommand word(TurnoutProcess turnout, String... words) throws Exception {
        List<String> line = TurnoutCommand.line(words);
        line.addAll(List.of("--url", turnout.adminAddress().toString()));
        TurnoutCommand command = TurnoutCommand.start(folder, List.of(), line);
        command.exit();
        return command;
    }

    @Test
    void the_word_turns_it_on_and_off_and_everybody_is_told() throws Exception {
        try (WebhookReceiver receiver = WebhookReceiver.start()) {
            TurnoutProcess turnout = arena.start(settings().inFile().set("turnout.notify.url", receiver.url()));

            TurnoutCommand on = word(turnout, "maintenance", "on", "--message", "Back <soon>", "--retry-after", "10m");

            assertThat(on.exit()).isZero();
            assertThat(on.out())
                    .contains("Maintenance is on: clients get 503 with Retry-After: 600.")
                    .contains("Next: turnout maintenance off");
            Response page = get(turnout, "Accept: text/html\r\n");
            assertRefused(page);
            assertThat(page.text()).contains("Back &lt;soon&gt;").doesNotContain("<soon>");
            Response problem = get(turnout, "");
            assertRefused(problem);
            assertThat(new JsonObject(problem.text()).getString("detail")).isEqualTo("Back <soon>");
            assertThat(receiver.await(1).get(0).json().getString("event")).isEqualTo("maintenance");
            Admin admin = turnout.admin();
            assertThat(admin.status().getJsonObject("maintenance").getString("message"))
                    .isEqualTo("Back <soon>");
            assertThat(admin.status().getJsonArray("warnings").encode()).contains("Maintenance is on since");
            assertThat(admin.metric("turnout_maintenance{service=\"default\"}")).isEqualTo(1);
            assertThat(word(turnout, "status").out()).contains("maintenance");
            assertThat(admin.revision()).isEqualTo(2);

            TurnoutCommand off = word(turnout, "maintenance", "off");

            assertThat(off.out()).contains("Maintenance is off: all clients are served.");
            assertThat(isServed(turnout, "")).isTrue();
            assertThat(admin.status().getValue("maintenance")).isNull();
            assertThat(admin.metric("turnout_maintenance{service=\"default\"}")).isZero();
            assertThat(admin.get("/admin/history").text()).contains("maintenance on", "maintenance off");
            assertThat(receiver.await(2).get(1).json().getString("title"))
                    .isEqualTo("default: Maintenance is off: all clients are served.");
            assertThat(word(turnout, "maintenance", "of").exit()).isEqualTo(2);
            assertThat(word(turnout, "maintenance", "off", "--message", "x").exit())
                    .isEqualTo(2);
            assertThat(admin.post("/admin/maintenance?allow=10.0.0.1/8")
                            .expect(400)
                            .problem())
                    .isEqualTo("bad-request");
        }
    }

    @Test
    void who_is_allowed_is_told_by_the_client_s_true_address() throws IOException {
        TurnoutProcess turnout = arena.start(settings()
                .set("turnout.trusted-proxies", "127.0.0.1,198.51.100.0/24")
                .set("turnout.proxy-protocol", "accept"));
        turnout.admin()
                .post("/admin/maintenance?allow=203.0.113.0/24,2001:db8::/32")
                .expect(200);

        assertThat(isServed(turnout, "X-Forwarded-For: 203.0.113.9\r\n")).isTrue();
        assertThat(isServed(turnout, "X-Forwarded-For: 203.0.113.9, 198.51.100.7\r\n"))
                .isTrue();
        assertThat(isServed(turnout, "X-Forwarded-For: [2001:db8::7]:4711\r\n")).isTrue();
        assertThat(isServed(turnout, "Forwarded: for=203.0.113.9\r\n")).isTrue();
        assertThat(isServed(turnout, "X-Forwarded-For: 203.0.113.9, 192.0.2.1\r\n"))
                .as("what a client says of itself")
                .isFalse();
        assertThat(isServed(turnout, "X-Forwarded-For: 203.0.113.9, unknown\r\n"))
                .isFalse();
        assertThat(isServed(turnout, "X-Forwarded-For: 192.0.2.1\r\nForwarded: for=203.0.113.9\r\n"))
                .isFalse();
        assertThat(isServed(turnout, "")).isFalse();
        String request = "GET / HTTP/1.1\r\nHost: app.example\r\nConnection: close\r\n";
        assertThat(send(turnout, "PROXY TCP4 203.0.113.9 127.0.0.1 4711 80\r\n" + request + "\r\n")
                        .status())
                .isEqualTo(200);
        assertThat(send(
                                turnout,
                                "PROXY TCP4 192.0.2.1 127.0.0.1 4711 80\r\n" + request
                                        + "X-Forwarded-For: 203.0.113.9\r\n\r\n")
                        .status())
                .isEqualTo(503);
    }

    @Test
    void it_survives_a_crash_a_reload_and_a_hand_over() throws IOException {
        TurnoutProcess.Settings settings = settings().inFile().set("turnout.listen.reuse-port", "true");
        TurnoutProcess turnout = arena.start(settings);
        turnout.admin().post(ON).expect(200);
        String since = turnout.admin().status().getJsonObject("maintenance").getString("since");

        turnout.kill9();
        turnout = arena.keep(turnout.restart());
        assertRefused(get(turnout, ""));

        settings.set("turnout.client.idle", "30s").write();
        turnout.admin().post("/admin/reload").expect(200);
        assertRefused(get(turnout, ""));

        TurnoutProcess successor = arena.keep(turnout.restart());
        turnout.awaitExit();
        assertRefused(get(successor, ""));
        assertThat(successor.admin().status().getJsonObject("maintenance").getString("since"))
                .isEqualTo(since);

        successor.admin().delete("/admin/maintenance").expect(200);
        assertThat(isServed(successor, "")).isTrue();
    }

    @Test
    void what_runs_is_not_cut_and_changes_are_made_meanwhile() throws IOException {
        CountDownLatch word = new CountDownLatch(1);
        try (WebSocketApplication application = new WebSocketApplication("blue")) {
            TurnoutProcess turnout = arena.start(settings()
                    .set("turnout.blue", application.address())
                    .set("turnout.preview", "true")
                    .set("turnout.drain.timeout", "1s"));
            green.next(Effect.heldUntil(word, Effect.ok("late")));
            try (RawClient slow = turnout.connect()
                    .send("GET /slow HTTP/1.1\r\nHost: app.example\r\nX-Turnout-Slot: green\r\n\r\n")) {
                Await.until("the request runs", () -> green.requests() == 1);
                try (WebSocketClient socket = WebSocketClient.open(turnout.front())) {
                    turnout.admin().post(ON).expect(200);

                    assertRefused(get(turnout, ""));
                    assertThat(socket.ask("hello")).contains("hello");
                    word.countDown();
                    assertThat(slow.read().text()).isEqualTo("late");
                    assertThat(turnout.admin()
                                    .post("/admin/canary?weight=10")
                                    .expect(200)
                                    .json()
                                    .getJsonObject("serving")
                                    .getBoolean("maintenance"))
                            .isTrue();
                    JsonObject receipt = turnout.admin().switchTo("green");
                    assertThat(receipt.getBoolean("changed")).isTrue();
                    assertThat(receipt.getJsonObject("gate").getBoolean("passed"))
                            .isTrue();
                    assertThat(receipt.getJsonObject("serving").getBoolean("maintenance"))
                            .isTrue();
                    assertRefused(get(turnout, ""));
                }
            }
        }
    }

    @Test
    void HEAD_HTTP2_and_calls_get_it_in_their_own_form_and_what_is_turnout_s_own_is_answered() throws IOException {
        TurnoutProcess turnout = arena.start(settings()
                .set("turnout.admin.token", "a-token-of-a-test-0123456789")
                .set("turnout.admin.on-front", "true")
                .set("turnout.ready.path", "/-/ready"));
        String bearer = "Authorization: Bearer a-token-of-a-test-0123456789\r\n";
        assertThat(send(
                                turnout,
                                "POST " + ON + " HTTP/1.1\r\nHost: "
                                        + turnout.front().getAuthority() + "\r\nContent-Length: 0\r\n" + bearer
                                        + "\r\n")
                        .status())
                .isEqualTo(200);

        try (RawClient client = turnout.connect()) {
            assertRefused(
                    client.send("HEAD / HTTP/1.1\r\nHost: app.example\r\n\r\n").read("HEAD"));
            assertRefused(client.send("POST / HTTP/1.1\r\nHost: app.example\r\nContent-Length: 2\r\n\r\nab")
                    .read());
        }
        try (Http2Client client = Http2Client.to(turnout.front().getPort())) {
            client.get(1, "/");
            assertThat(client.answer(1).status()).isEqualTo(503);
            client.request(3, "POST", "/shop.Cart/Add", true, "content-type=application/grpc", "te=trailers");
            Http2Client.Answer call = client.answer(3);
            assertThat(call.status()).isEqualTo(200);
            assertThat(String.join("\n", call.heads())).contains("grpc-status").contains("14");
            assertThat(call.body()).isEmpty();
        }
        assertThat(send(turnout, "GET /-/ready HTTP/1.1\r\nHost: app.example\r\n\r\n")
                        .status())
                .isEqualTo(200);
        assertThat(blue.requests()).isZero();
    }
}
