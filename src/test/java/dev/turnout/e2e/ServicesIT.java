package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Admin;
import dev.turnout.support.Arrival;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.Guards;
import dev.turnout.support.RawClient;
import dev.turnout.support.SocketEnd;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.Response;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Several services behind one front port: who gets what, and that a flip of one is nothing to another. */
final class ServicesIT {

    private static final int FLIPS = 6;

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final TurnoutProcess.Settings settings = TurnoutProcess.with().set("turnout.upstream.idle", "60s");
    private Backend shopBlue;
    private Backend shopGreen;
    private Backend blogBlue;
    private Backend blogGreen;

    @BeforeEach
    void twoServices() {
        shopBlue = arena.application("shop blue");
        shopGreen = arena.application("shop green");
        blogBlue = arena.application("blog blue");
        blogGreen = arena.application("blog green");
        service("shop", "hosts", "shop.example,*.shop.example");
        service("shop", "blue", shopBlue.address());
        service("shop", "green", shopGreen.address());
        service("blog", "hosts", "blog.example");
        service("blog", "blue", blogBlue.address());
        service("blog", "green", blogGreen.address());
    }

    private void service(String name, String key, String value) {
        settings.set("turnout.services.\"" + name + "\"." + key, value);
    }

    private static Response ask(RawClient client, String host, String path) throws IOException {
        return client.send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                .read();
    }

    private static Response ask(TurnoutProcess turnout, String host, String path) throws IOException {
        try (RawClient client = turnout.connect()) {
            return ask(client, host, path);
        }
    }

    private static JsonObject status(TurnoutProcess turnout, String service) {
        return turnout.admin()
                .get("/admin/status?service=" + service)
                .expect(200)
                .json();
    }

    private static JsonObject flip(TurnoutProcess turnout, String service, String to) {
        return turnout.admin()
                .post("/admin/switch?service=" + service + "&to=" + to)
                .expect(200)
                .json();
    }

    private static void flipOftenAndBack(TurnoutProcess turnout, String service) {
        for (int i = 0; i < FLIPS; i++) {
            JsonObject receipt = flip(turnout, service, i % 2 == 0 ? "green" : "blue");
            assertThat(receipt.getJsonObject("drain").getBoolean("drained")).isTrue();
        }
    }

    @Test
    void one_connection_reaches_each_service_by_its_host() throws IOException {
        TurnoutProcess turnout = arena.start(settings);

        try (RawClient client = turnout.connect()) {
            assertThat(ask(client, "shop.example", "/").text()).isEqualTo("shop blue");
            assertThat(ask(client, "BLOG.example.:8080", "/").text()).isEqualTo("blog blue");
            assertThat(ask(client, "de.shop.example", "/").text()).isEqualTo("shop blue");
        }
    }

    @Test
    void an_unknown_host_without_a_default_service_is_not_found() throws IOException {
        TurnoutProcess turnout = arena.start(settings);

        try (RawClient client = turnout.connect()) {
            Response response = ask(client, "other.example", "/");
            assertThat(response.status()).isEqualTo(404);
            assertThat(response.fields().only("X-Turnout")).contains("no-service");
            assertThat(ask(client, "shop.example", "/").text()).isEqualTo("shop blue");
        }
        assertThat(shopBlue.requests() + blogBlue.requests()).isEqualTo(1);
    }

    @Test
    void an_unknown_host_is_for_the_default_service_if_its_targets_are_given() throws IOException {
        TurnoutProcess turnout = arena.start(settings.blue(arena.application("default blue")));

        assertThat(ask(turnout, "other.example", "/").text()).isEqualTo("default blue");
        assertThat(ask(turnout, "shop.example", "/").text()).isEqualTo("shop blue");
    }

    @Test
    void a_path_is_kept_unless_it_is_to_be_stripped() throws IOException {
        service("blog", "hosts", "shop.example");
        service("blog", "path", "/blog");
        try (TurnoutProcess turnout = settings.start()) {
            assertThat(ask(turnout, "shop.example", "/blog/post?id=1").text()).isEqualTo("blog blue");
            assertThat(ask(turnout, "shop.example", "/blogs").text()).isEqualTo("shop blue");
        }
        service("blog", "strip-path", "true");
        try (TurnoutProcess turnout = settings.start()) {
            assertThat(ask(turnout, "shop.example", "/blog/post?id=2").text()).isEqualTo("blog blue");
            assertThat(ask(turnout, "shop.example", "/blog?id=3").text()).isEqualTo("blog blue");
        }

        assertThat(blogBlue.arrivals())
                .extracting(arrival -> arrival.head().target())
                .containsExactly("/blog/post?id=1", "/post?id=2", "/?id=3");
    }

    @Test
    void every_call_of_the_admin_api_is_for_the_service_that_it_names() throws IOException {
        TurnoutProcess turnout = arena.start(settings);

        assertThat(flip(turnout, "shop", "green").getString("service")).isEqualTo("shop");

        assertThat(ask(turnout, "shop.example", "/").text()).isEqualTo("shop green");
        assertThat(ask(turnout, "blog.example", "/").text()).isEqualTo("blog blue");
        assertThat(status(turnout, "shop").getString("active")).isEqualTo("green");
        assertThat(status(turnout, "blog").getString("active")).isEqualTo("blue");
        assertThat(status(turnout, "blog").getLong("revision")).isEqualTo(1);
        assertThat(status(turnout, "blog").getJsonArray("services").stream()
                        .map(JsonObject.class::cast)
                        .map(each -> each.getString("name") + " " + each.getString("active")))
                .containsExactly("blog blue", "shop green");
        assertThat(turnout.admin().get("/admin/idle?service=shop").text()).isEqualTo(shopBlue.address());
        assertThat(turnout.admin().get("/admin/idle?service=blog").text()).isEqualTo(blogGreen.address());
        assertThat(turnout.admin().get("/admin/history?service=blog").json().getJsonArray("entries"))
                .isEmpty();
        assertThat(turnout.admin()
                        .post("/admin/rollback?service=blog")
                        .expect(409)
                        .problem())
                .isEqualTo("nothing-to-roll-back");
        turnout.admin().post("/admin/rollback?service=shop").expect(200);
        assertThat(ask(turnout, "shop.example", "/").text()).isEqualTo("shop blue");
    }

    @Test
    void a_service_that_is_not_there_is_named_in_the_refusal() {
        TurnoutProcess turnout = arena.start(settings);

        Admin.Answer answer = turnout.admin().post("/admin/switch?to=green").expect(404);
        assertThat(answer.problem()).isEqualTo("no-service");
        assertThat(answer.json().getString("detail")).contains("default", "blog", "shop");
    }

    @Test
    void each_service_has_its_own_slot_after_a_crash() throws IOException {
        TurnoutProcess turnout = arena.start(settings);
        flip(turnout, "blog", "green");
        turnout.kill9();

        TurnoutProcess successor = arena.keep(turnout.restart());

        assertThat(ask(successor, "blog.example", "/").text()).isEqualTo("blog green");
        assertThat(ask(successor, "shop.example", "/").text()).isEqualTo("shop blue");
    }

    @Test
    void a_service_that_is_added_or_gone_changes_nothing_for_the_others() throws IOException {
        try (TurnoutProcess turnout = settings.start()) {
            flip(turnout, "shop", "green");
        }
        TurnoutProcess.Settings onlyShop = TurnoutProcess.with()
                .set("turnout.state.directory", settings.stateDirectory().toString());
        onlyShop.set("turnout.services.\"shop\".blue", shopBlue.address());
        onlyShop.set("turnout.services.\"shop\".green", shopGreen.address());
        try (TurnoutProcess turnout = onlyShop.start()) {
            assertThat(ask(turnout, "any.example", "/").text()).isEqualTo("shop green");
            assertThat(turnout.log()).contains("Service 'blog' is not configured any more");
        }
        TurnoutProcess turnout = arena.start(settings);
        assertThat(ask(turnout, "shop.example", "/").text()).isEqualTo("shop green");
        assertThat(ask(turnout, "blog.example", "/").text()).isEqualTo("blog blue");
    }

    @Test
    void each_service_is_probed_in_its_own_way() {
        service("blog", "health.path", "/up");
        service("blog", "health.host", "probe.blog.example");
        service("blog", "health.status", "204");
        service("blog", "health.deadline", "1s");
        blogBlue.always(Effect.status(204, ""));
        TurnoutProcess turnout = arena.start(settings);

        Await.until("shop blue UP", () -> health(turnout, "shop", "blue").equals("UP"));
        Await.until("blog blue UP", () -> health(turnout, "blog", "blue").equals("UP"));
        Await.until("blog green DOWN", () -> health(turnout, "blog", "green").equals("DOWN"));
        assertThat(blogBlue.arrivals().get(0).head().target()).isEqualTo("/up");
        assertThat(blogBlue.arrivals().get(0).head().fields().only("Host")).contains("probe.blog.example");
        assertThat(turnout.admin()
                        .post("/admin/switch?to=green&service=blog&dry-run=true")
                        .status())
                .isEqualTo(424);
    }

    private static String health(TurnoutProcess turnout, String service, String slot) {
        return status(turnout, service)
                .getJsonObject("slots")
                .getJsonObject(slot)
                .getJsonArray("targets")
                .getJsonObject(0)
                .getString("health");
    }

    @Test
    @Guards("F5")
    @DisplayName("A flip of one service touches no WebSocket of another")
    void a_flip_touches_no_websocket_of_another_service() throws IOException {
        CountDownLatch word = new CountDownLatch(1);
        shopBlue.next(new Effect.First(
                List.of("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
                        + frame("before")),
                Effect.heldUntil(word, Effect.raw(frame("after") + "\u0088\u0000", SocketEnd.CLOSE))));
        TurnoutProcess turnout = arena.start(settings);
        try (RawClient client = turnout.connect()) {
            client.send("GET /ws HTTP/1.1\r\nHost: shop.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(101);

            flipOftenAndBack(turnout, "blog");
            assertThat(status(turnout, "shop")
                            .getJsonObject("slots")
                            .getJsonObject("blue")
                            .getJsonArray("targets")
                            .getJsonObject(0)
                            .getLong("inFlight"))
                    .isEqualTo(1);
            word.countDown();

            assertThat(new String(client.readUntilClosed(), StandardCharsets.ISO_8859_1))
                    .isEqualTo(frame("before") + frame("after") + "\u0088\u0000");
        }
    }

    /** A text frame, as a server sends it (RFC 6455, section 5.2). */
    private static String frame(String text) {
        return "\u0081" + (char) text.length() + text;
    }

    @Test
    @Guards("F5")
    @DisplayName("A flip of one service touches no download of another")
    void a_flip_touches_no_download_of_another_service() throws IOException {
        CountDownLatch word = new CountDownLatch(1);
        shopBlue.next(new Effect.First(
                List.of("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"),
                Effect.heldUntil(word, Effect.raw("world"))));
        TurnoutProcess turnout = arena.start(settings);
        try (RawClient client = turnout.connect()) {
            client.send("GET /download HTTP/1.1\r\nHost: shop.example\r\n\r\n");
            Await.until("the request at shop blue", () -> shopBlue.requests() == 1);

            flipOftenAndBack(turnout, "blog");
            word.countDown();

            assertThat(client.read().text()).isEqualTo("helloworld");
        }
    }

    @Test
    @Guards("F5")
    @DisplayName("A flip of one service closes no idle connection of another")
    void a_flip_touches_no_idle_connection_of_another_service() throws IOException {
        TurnoutProcess turnout = arena.start(settings);
        try (RawClient client = turnout.connect()) {
            ask(client, "shop.example", "/first");

            flipOftenAndBack(turnout, "blog");

            assertThat(ask(client, "shop.example", "/second").text()).isEqualTo("shop blue");
        }
        List<Arrival> arrivals = shopBlue.arrivals();
        assertThat(arrivals).hasSize(2);
        assertThat(arrivals.get(1).connection()).isEqualTo(arrivals.get(0).connection());
    }

    private static int post(TurnoutProcess turnout, String host, String body) throws IOException {
        try (RawClient client = turnout.connect()) {
            return client.send("POST / HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: " + body.length() + "\r\n\r\n"
                            + body)
                    .read()
                    .status();
        }
    }

    private static boolean showsSlot(TurnoutProcess turnout, String host) throws IOException {
        return ask(turnout, host, "/shown").fields().all("X-Turnout-Slot").contains("blue");
    }

    private static String previewed(TurnoutProcess turnout, String host) throws IOException {
        try (RawClient client = turnout.connect()) {
            return client.send("GET /preview HTTP/1.1\r\nHost: " + host + "\r\nX-Turnout-Slot: green\r\n\r\n")
                    .read()
                    .text();
        }
    }

    @Test
    void each_service_has_its_own_settings_or_those_at_the_top_and_a_reload_changes_them() throws IOException {
        Path log = settings.inFile().stateDirectory().resolveSibling("shop.log");
        settings.set("turnout.limits.body", "100").set("turnout.drain.timeout", "20s");
        service("shop", "show-slot", "true");
        service("shop", "limits.body", "5");
        service("shop", "upstream.head", "300ms");
        service("shop", "preview", "true");
        service("shop", "drain.timeout", "200ms");
        service("shop", "pause.timeout", "100ms");
        service("shop", "warmup.paths", "/warm");
        service("shop", "warmup.count", "2");
        service("shop", "access-log", "json");
        service("shop", "access-log-file", log.toString());
        TurnoutProcess turnout = arena.start(settings);

        assertThat(showsSlot(turnout, "shop.example")).isTrue();
        assertThat(showsSlot(turnout, "blog.example")).isFalse();
        assertThat(previewed(turnout, "shop.example")).isEqualTo("shop green");
        assertThat(previewed(turnout, "blog.example")).isEqualTo("blog blue");
        assertThat(post(turnout, "shop.example", "123456")).isEqualTo(413);
        assertThat(post(turnout, "blog.example", "123456")).isEqualTo(200);
        CountDownLatch word = new CountDownLatch(1);
        shopBlue.next(Effect.heldUntil(word, Effect.ok("late")));
        assertThat(ask(turnout, "shop.example", "/late").status()).isEqualTo(504);
        word.countDown();
        turnout.admin().post("/admin/pause?service=shop").expect(200);
        assertThat(ask(turnout, "shop.example", "/paused").status()).isEqualTo(503);
        turnout.admin().post("/admin/resume?service=shop").expect(200);
        Await.until("the log of the shop alone", () -> {
            List<String> lines = LogLines.of(log);
            return lines.stream().anyMatch(line -> line.contains("/paused"))
                    && lines.stream().allMatch(line -> line.contains("shop.example"));
        });

        settings.unset("turnout.services.\"shop\".show-slot");
        settings.unset("turnout.services.\"shop\".limits.body");
        service("blog", "show-slot", "true");
        service("blog", "limits.body", "5");
        service("shop", "access-log", "off");
        settings.write();
        turnout.admin().post("/admin/reload").expect(200);

        assertThat(showsSlot(turnout, "shop.example")).isFalse();
        assertThat(showsSlot(turnout, "blog.example")).isTrue();
        assertThat(post(turnout, "shop.example", "123456")).isEqualTo(200);
        assertThat(post(turnout, "blog.example", "123456")).isEqualTo(413);
        assertThat(turnout.openFiles()).noneMatch(file -> file.endsWith("shop.log"));

        shopBlue.next(Effect.raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", SocketEnd.STALL));
        try (RawClient client = turnout.connect()) {
            client.send("GET /half HTTP/1.1\r\nHost: shop.example\r\n\r\n");
            Await.until("a request in flight", () -> shopBlue.arrivals().stream()
                    .anyMatch(arrival -> arrival.head().target().equals("/half")));
            JsonObject drain = flip(turnout, "shop", "green").getJsonObject("drain");
            assertThat(drain.getBoolean("drained")).isFalse();
            assertThat(drain.getLong("waitedMillis")).isBetween(200L, 15_000L);
        }
        assertThat(shopGreen.arrivals())
                .filteredOn(arrival -> arrival.head().target().equals("/warm"))
                .hasSize(2);
        flip(turnout, "blog", "green");
        assertThat(blogGreen.arrivals())
                .noneMatch(arrival -> arrival.head().target().equals("/warm"));
    }
}
