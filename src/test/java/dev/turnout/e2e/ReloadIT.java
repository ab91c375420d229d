package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Admin;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.RawClient;
import dev.turnout.support.TestAuthority;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.Response;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("A reload brings the files into force while the clients stay connected")
@Tag("alone")
final class ReloadIT {

    private static final int RELOADS = 200;

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final TurnoutProcess.Settings settings = TurnoutProcess.with().inFile();
    private final Backend blue = arena.application("blue");
    private final Backend green = arena.application("green");

    private TurnoutProcess start() {
        return arena.start(settings.blue(blue).green(green));
    }

    private Admin.Answer reload(TurnoutProcess turnout) {
        settings.write();
        return turnout.admin().post("/admin/reload");
    }

    private JsonObject reloaded(TurnoutProcess turnout) {
        return reload(turnout).expect(200).json();
    }

    private static Map<String, JsonObject> keys(JsonObject answer) {
        return answer.getJsonArray("keys").stream()
                .map(JsonObject.class::cast)
                .collect(Collectors.toMap(key -> key.getString("key"), key -> key));
    }

    private static Response ask(RawClient client, String host, String path) throws IOException {
        return client.send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                .read();
    }

    private void service(String name, Backend blue, Backend green) {
        settings.set("turnout.services.\"" + name + "\".hosts", name + ".example")
                .set("turnout.services.\"" + name + "\".blue", blue.address())
                .set("turnout.services.\"" + name + "\".green", green.address());
    }

    private void noService(String name) {
        List.of("hosts", "blue", "green").forEach(key -> settings.unset("turnout.services.\"" + name + "\"." + key));
    }

    @Test
    void two_hundred_reloads_under_load_fail_no_request_and_close_no_connection() throws IOException {
        Backend second = arena.application("second");
        Backend third = arena.application("third");
        settings.set("turnout.client.head", "5s");
        TurnoutProcess turnout = arena.start(settings.blue(blue, second).green(green));
        try (SteadyClients clients = SteadyClients.on(turnout, 8)) {
            for (int i = 0; i < RELOADS; i++) {
                if (i % 4 == 3) {
                    settings.set("turnout.client.head", "soon");
                    assertThat(reload(turnout).status()).isEqualTo(422);
                    settings.set("turnout.client.head", i % 8 == 3 ? "6s" : "5s");
                } else {
                    settings.blue(blue, i % 2 == 0 ? third : second)
                            .set("turnout.upstream.head", (20 + i % 3) + "s")
                            .set("turnout.limits.requests", String.valueOf(5_000 + i % 5));
                    reloaded(turnout);
                }
            }
            assertThat(clients.stop()).isEmpty();
            assertThat(clients.requests()).isGreaterThan(RELOADS);
        }
        assertThat(turnout.admin().metric("turnout_clients")).isZero();
    }

    @Test
    void the_answer_names_each_key_with_its_values_and_its_effect() {
        settings.set("turnout.admin.idle", "20s");
        TurnoutProcess turnout = start();
        settings.set("turnout.client.idle", "50s")
                .set("turnout.admin.idle", "25s")
                .set("turnout.preview-secret", "hunter2");

        JsonObject answer = reloaded(turnout);

        assertThat(keys(answer).get("turnout.client.idle").getMap())
                .containsEntry("from", "75s")
                .containsEntry("to", "50s")
                .containsEntry("effect", "applied");
        assertThat(keys(answer).get("turnout.admin.idle").getMap())
                .containsEntry("from", "20s")
                .containsEntry("to", "25s")
                .containsEntry("effect", "restart");
        assertThat(keys(answer).get("turnout.preview-secret").getMap()).containsEntry("to", "(not shown)");
        assertThat(answer.encode()).doesNotContain("hunter2");
        assertThat(keys(answer)).hasSize(3);
        JsonObject status = turnout.admin().status();
        assertThat(status.getJsonObject("turnout").getJsonArray("restartPending"))
                .containsExactly("turnout.admin.idle");
        assertThat(status.getJsonArray("warnings").encode()).contains("turnout.admin.idle");
        assertThat(reloaded(turnout).getBoolean("changed")).isFalse();

        settings.set("turnout.admin.idle", "20s");
        assertThat(keys(reloaded(turnout))).isEmpty();
        status = turnout.admin().status();
        assertThat(status.getJsonObject("turnout").getJsonArray("restartPending"))
                .isEmpty();
        assertThat(status.getJsonArray("warnings").encode()).doesNotContain("turnout.admin.idle");
    }

    @Test
    void a_broken_file_is_refused_whole_with_every_error() {
        TurnoutProcess turnout = start();
        long revision = turnout.admin().revision();
        settings.set("turnout.gren", "x")
                .set("turnout.health.interval", "5")
                .set("turnout.show-slot", "true")
                .set("turnout.blue", blue.address() + "," + green.address());

        Admin.Answer answer = reload(turnout).expect(422);

        assertThat(answer.problem()).isEqualTo("bad-configuration");
        assertThat(answer.json().getJsonArray("errors").encodePrettily())
                .contains("did you mean turnout.green?", "'5' has no unit", "is a target of turnout.blue too");
        assertThat(turnout.admin().post("/admin/check").expect(422).json().getJsonArray("errors"))
                .isEqualTo(answer.json().getJsonArray("errors"));
        assertThat(turnout.admin().revision()).isEqualTo(revision);
        assertThat(turnout.admin().get("/admin/idle").text()).isEqualTo(green.address());
    }

    @Test
    void a_check_changes_nothing_and_names_what_a_reload_would_change() throws IOException {
        TurnoutProcess turnout = start();
        settings.set("turnout.show-slot", "true").write();

        JsonObject answer = turnout.admin().post("/admin/check").expect(200).json();

        assertThat(answer.getBoolean("sound")).isTrue();
        assertThat(keys(answer)).containsOnlyKeys("turnout.show-slot");
        try (RawClient client = turnout.connect()) {
            assertThat(client.get("/small").read().fields().all("X-Turnout-Slot"))
                    .isEmpty();
        }
    }

    @Test
    void a_signal_reloads_and_the_log_tells_of_errors() throws IOException {
        TurnoutProcess turnout = start();
        settings.set("turnout.show-slot", "true").write();
        try (RawClient client = turnout.connect()) {
            assertThat(client.get("/small").read().fields().all("X-Turnout-Slot"))
                    .isEmpty();
            turnout.signal("HUP");
            Await.until("the signal's reload", () -> turnout.log().contains("turnout.show-slot: false -> true"));
            assertThat(client.get("/small").read().fields().all("X-Turnout-Slot"))
                    .containsExactly("blue");
            settings.set("turnout.show-slot", "perhaps").write();
            turnout.signal("HUP");
            Await.until("the refusal", () -> turnout.log().contains("turnout.show-slot=perhaps"));
            assertThat(client.get("/small").read().fields().all("X-Turnout-Slot"))
                    .containsExactly("blue");
        }
    }

    @Test
    void a_signal_during_a_reload_is_answered_after_it() {
        TurnoutProcess turnout = start();
        for (int i = 1; i <= 10; i++) {
            settings.set("turnout.limits.connections", String.valueOf(1000 + i)).write();
            turnout.signal("HUP");
        }
        Await.until("the last file", () -> turnout.log().contains("-> 1010"));
        assertThat(turnout.log()).doesNotContain("was not loaded again");
    }

    @Test
    void a_service_that_is_added_serves_and_is_probed_and_one_that_is_removed_drains() throws Exception {
        Backend shop = arena.backend();
        TurnoutProcess turnout = start();
        service("shop", shop, arena.application("shop green"));

        JsonObject added = reloaded(turnout);

        assertThat(added.getJsonArray("services").getJsonObject(0).getMap())
                .containsEntry("service", "shop")
                .containsEntry("change", "added");
        Await.until("a good probe of the new service", () -> turnout.admin()
                .get("/admin/status?service=shop")
                .json()
                .getJsonObject("slots")
                .getJsonObject("blue")
                .encode()
                .contains("\"health\":\"UP\""));
        CountDownLatch word = new CountDownLatch(1);
        shop.next(Effect.heldUntil(word, Effect.ok("finished")));
        try (RawClient client = turnout.connect();
                RawClient other = turnout.connect()) {
            client.send("GET /long HTTP/1.1\r\nHost: shop.example\r\n\r\n");
            Await.until("the request at the service", () -> shop.requests() == 1);
            noService("shop");
            settings.write();
            var removing = turnout.admin().postAsync("/admin/reload");
            Await.until("the service to be unknown", () -> status(other) != 200 || isBlue(other));
            assertThat(removing.isDone()).isFalse();
            // Turnout's times are whole milliseconds.
            Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);
            word.countDown();
            assertThat(client.read().text()).isEqualTo("finished");
            JsonObject answer = removing.get().expect(200).json();
            JsonObject removed = answer.getJsonArray("services").getJsonObject(0);
            assertThat(removed.getMap()).containsEntry("change", "removed");
            assertThat(removed.getJsonObject("drain").getBoolean("drained")).isTrue();
            assertThat(removed.getJsonObject("drain").getInteger("cutCount")).isZero();
            assertThat(Instant.parse(answer.getString("finishedAt"))).isAfterOrEqualTo(before);
        }
        assertThat(turnout.admin().get("/admin/status?service=shop").status()).isEqualTo(404);
        assertThat(turnout.admin().get("/q/metrics").text()).doesNotContain("service=\"shop\"");
    }

    private static int status(RawClient client) {
        try {
            return ask(client, "shop.example", "/small").status();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isBlue(RawClient client) {
        try {
            return ask(client, "shop.example", "/").text().equals("blue");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_new_target_of_the_active_slot_has_to_pass_the_gate_and_else_nothing_changes() throws IOException {
        settings.set("turnout.health.deadline", "300ms");
        TurnoutProcess turnout = start();
        Backend sick = arena.application("sick");
        sick.probes(Effect.status(500, "not yet"));
        settings.blue(sick).set("turnout.show-slot", "true");

        Admin.Answer refused = reload(turnout).expect(424);

        assertThat(refused.problem()).isEqualTo("unhealthy");
        try (RawClient client = turnout.connect()) {
            Response response = client.get("/small").read();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.fields().all("X-Turnout-Slot")).isEmpty();
        }
        assertThat(sick.requests()).isZero();
        sick.probes(Effect.ok("well"));
        reloaded(turnout);
        try (RawClient client = turnout.connect()) {
            assertThat(client.get("/small").read().status()).isEqualTo(200);
        }
        assertThat(sick.requests()).isEqualTo(1);
    }

    @Test
    void a_new_target_is_proved_by_the_health_settings_that_come_with_it() {
        TurnoutProcess turnout = start();
        Backend next = arena.application("next");
        next.probes(Effect.status(404, "that page has moved"));
        settings.blue(next).set("turnout.health.path", "/small").set("turnout.health.deadline", "5s");

        reloaded(turnout);

        assertThat(turnout.admin().status().encode()).contains(next.address());
    }

    @Test
    void a_new_target_is_warmed_up_by_the_settings_that_come_with_it() {
        TurnoutProcess turnout = start();
        Backend next = arena.application("next");
        settings.blue(next).set("turnout.warmup.paths", "/small").set("turnout.warmup.count", "7");

        reloaded(turnout);

        assertThat(next.requests()).isEqualTo(7);
    }

    @Test
    void a_check_looks_at_the_files_of_certificates_as_the_command_does() {
        settings.tls(TestAuthority.root("test"), "shop.example");
        TurnoutProcess turnout = start();
        String missing = settings.file().resolveSibling("missing.pem").toString();
        settings.set("turnout.tls.certificates.\"shop\".cert", missing).write();

        assertThat(turnout.admin().post("/admin/check").expect(422).text()).contains(missing, "Repair the file");
    }

    @Test
    void the_active_slot_a_pause_and_targets_out_of_rotation_are_kept() {
        Backend second = arena.application("second");
        Backend third = arena.application("third");
        TurnoutProcess turnout = arena.start(settings.blue(blue).green(green, second));
        turnout.admin().switchTo("green");
        turnout.admin().post("/admin/targets/" + second.address() + "/drain").expect(200);
        turnout.admin().post("/admin/pause").expect(200);
        settings.green(green, second, third);

        reloaded(turnout);

        JsonObject status = turnout.admin().status();
        assertThat(status.getString("active")).isEqualTo("green");
        assertThat(status.getBoolean("paused")).isTrue();
        assertThat(status.getJsonObject("slots").getJsonObject("green").getJsonArray("targets").stream()
                        .map(JsonObject.class::cast)
                        .map(target -> target.getBoolean("inRotation")))
                .containsExactly(true, false, true);
    }

    @Test
    void what_was_in_force_before_a_crash_is_in_force_after_it() {
        TurnoutProcess turnout = start();
        service("shop", arena.application("shop blue"), arena.application("shop green"));
        settings.blue(blue, arena.application("second"));
        reloaded(turnout);
        JsonObject before = turnout.admin().status();
        turnout.kill9();

        JsonObject after = arena.keep(turnout.restart()).admin().status();

        assertThat(after.getLong("revision")).isEqualTo(before.getLong("revision"));
        assertThat(after.getJsonArray("services")).isEqualTo(before.getJsonArray("services"));
        assertThat(turnout.admin().get("/admin/history").expect(200).text()).contains("\"reloaded\"");
    }

    @Test
    void a_reload_that_meets_a_change_of_its_service_is_refused_as_busy() throws Exception {
        Backend sick = arena.application("sick");
        sick.probes(Effect.status(500, "not yet"));
        TurnoutProcess turnout = arena.start(settings.blue(blue).green(sick));
        var switching = turnout.admin().postAsync("/admin/switch?to=green");
        Await.until("the gate", () -> turnout.admin().status().getJsonObject("switching") != null);
        settings.blue(blue, arena.application("second"));

        assertThat(reload(turnout).expect(409).problem()).isEqualTo("busy");

        sick.probes(Effect.ok("well"));
        switching.get().expect(200);
        reloaded(turnout);
    }

    @Test
    void the_time_for_a_head_holds_for_connections_that_are_open() throws IOException {
        TurnoutProcess turnout = start();
        try (RawClient client = turnout.connect()) {
            assertThat(client.get("/small").read().status()).isEqualTo(200);
            settings.set("turnout.client.head", "300ms");
            reloaded(turnout);
            client.send("GET / HTTP/1.1\r\nHo");
            assertThat(client.read().status()).isEqualTo(408);
        }
    }

    @Test
    void a_lower_limit_of_requests_refuses_new_requests_only() throws IOException {
        CountDownLatch word = new CountDownLatch(1);
        Backend slow = arena.backend();
        slow.next(Effect.heldUntil(word, Effect.ok("finished")));
        TurnoutProcess turnout = arena.start(settings.blue(slow).green(green));
        try (RawClient first = turnout.connect();
                RawClient second = turnout.connect()) {
            first.get("/long");
            Await.until("the request at the target", () -> slow.requests() == 1);
            settings.set("turnout.limits.requests", "1");
            reloaded(turnout);
            assertThat(second.get("/").read().fields().all("X-Turnout")).containsExactly("too-many-requests");
            word.countDown();
            assertThat(first.read().text()).isEqualTo("finished");
        }
    }

    @Test
    void another_path_is_probed_at_once_and_what_is_known_of_the_target_stays() {
        settings.set("turnout.health.interval", "5m").set("turnout.health.deadline", "1h");
        TurnoutProcess turnout = start();
        Await.until(
                "the first probe",
                () -> turnout.admin().target("blue").getString("health").equals("UP"));
        String since = turnout.admin().target("blue").getString("since");
        settings.set("turnout.health.path", "/small");

        reloaded(turnout);

        Await.until("a probe of the new path", () -> blue.arrivals().stream()
                .map(arrival -> arrival.head().target())
                .anyMatch("/small"::equals));
        assertThat(turnout.admin().target("blue").getString("since")).isEqualTo(since);
    }

    @Test
    void a_shorter_drain_holds_for_the_next_switch() throws Exception {
        Backend slow = arena.backend();
        slow.next(Effect.heldUntil(new CountDownLatch(1), Effect.ok("never")));
        TurnoutProcess turnout = arena.start(settings.blue(slow).green(green));
        settings.set("turnout.drain.timeout", "200ms");
        reloaded(turnout);
        try (RawClient client = turnout.connect()) {
            client.get("/long");
            Await.until("the request at the target", () -> slow.requests() == 1);

            JsonObject receipt = turnout.admin().switchTo("green");

            assertThat(receipt.getJsonObject("drain").getInteger("cutCount")).isEqualTo(1);
            assertThat(client.read().fields().all("X-Turnout")).containsExactly("drain-timeout");
        }
    }

    @Test
    void the_access_log_begins_and_ends() throws IOException {
        TurnoutProcess turnout = start();
        Path log = settings.file().resolveSibling("access.log");
        settings.set("turnout.access-log-file", log.toString()).set("turnout.access-log", "combined");
        reloaded(turnout);
        try (RawClient client = turnout.connect()) {
            assertThat(client.get("/small?first").read().status()).isEqualTo(200);
            settings.set("turnout.access-log", "off");
            reloaded(turnout);
            Await.until("the line of the request", () -> contains(log, "/small?first"));
            assertThat(client.get("/small?second").read().status()).isEqualTo(200);
            settings.set("turnout.access-log", "json");
            reloaded(turnout);
            assertThat(client.get("/small?third").read().status()).isEqualTo(200);
        }
        Await.until("the line in the other format", () -> contains(log, "\"target\":\"/small?third\""));
        assertThat(Files.readString(log)).doesNotContain("second");
    }

    private static boolean contains(Path file, String text) {
        try {
            return Files.exists(file) && Files.readString(file).contains(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void an_access_log_that_cannot_be_written_refuses_the_reload() {
        TurnoutProcess turnout = start();
        settings.set("turnout.access-log", "json")
                .set("turnout.access-log-file", "/nowhere/access.log")
                .set(
                        "turnout.blue",
                        blue.address() + "," + arena.application("second").address());
        long revision = turnout.admin().revision();

        assertThat(reload(turnout).expect(422).json().getString("detail")).contains("/nowhere/access.log");

        assertThat(turnout.admin().revision()).isEqualTo(revision);
    }

    @Test
    void another_trusted_proxy_is_believed_on_connections_that_are_open() throws IOException {
        Backend recording = arena.backend().always(Effect.ok("ok"));
        TurnoutProcess turnout = arena.start(settings.blue(recording).green(green));
        try (RawClient client = turnout.connect()) {
            forwarded(client);
            settings.set("turnout.trusted-proxies", "127.0.0.1");
            reloaded(turnout);
            forwarded(client);
            settings.unset("turnout.trusted-proxies");
            reloaded(turnout);
            forwarded(client);
        }
        List<List<String>> seen = recording.arrivals().stream()
                .map(arrival -> arrival.head().fields().all("X-Forwarded-For"))
                .toList();
        assertThat(seen).containsExactly(List.of("127.0.0.1"), List.of("192.0.2.7, 127.0.0.1"), List.of("127.0.0.1"));
    }

    private static void forwarded(RawClient client) throws IOException {
        client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.7\r\n\r\n");
        assertThat(client.read().status()).isEqualTo(200);
    }

    /** Clients that keep their connections, and tell of each answer that is wrong and each connection that ends. */
    private static final class SteadyClients implements AutoCloseable {

        private final List<Thread> threads = new ArrayList<>();
        private final List<String> failures = new CopyOnWriteArrayList<>();
        private final AtomicLong requests = new AtomicLong();
        private volatile boolean stopping;

        static SteadyClients on(TurnoutProcess turnout, int count) throws IOException {
            SteadyClients clients = new SteadyClients();
            for (int i = 0; i < count; i++) {
                RawClient connection = turnout.connect();
                Thread thread = new Thread(() -> clients.repeat(connection), "steady client");
                thread.start();
                clients.threads.add(thread);
            }
            return clients;
        }

        private void repeat(RawClient connection) {
            try (connection) {
                while (!stopping) {
                    Response response = connection.get("/small").read();
                    requests.incrementAndGet();
                    if (response.status() != 200 || response.announcesClose()) {
                        failures.add(response.status() + " " + response.fields().all("X-Turnout"));
                        return;
                    }
                    Await.pause(Duration.ofMillis(2));
                }
            } catch (IOException e) {
                failures.add(e.toString());
            }
        }

        long requests() {
            return requests.get();
        }

        List<String> stop() {
            close();
            return failures;
        }

        @Override
        public void close() {
            stopping = true;
            threads.forEach(thread -> {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
    }
}
