package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Admin;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.RawClient;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Targets come and go at run time")
final class RunTimeTargetsIT {

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final Backend blue = arena.application("blue");
    private final Backend green = arena.application("green");
    private final Backend second = arena.application("second");
    private final TurnoutProcess.Settings settings = TurnoutProcess.with()
            .inFile()
            .set("turnout.health.interval", "20ms")
            .set("turnout.health.deadline", "2s")
            .blue(blue)
            .green(green);

    private static String path(String slot, Backend target) {
        return "/admin/slots/" + slot + "/targets/" + target.address();
    }

    private static List<String> targets(TurnoutProcess turnout, String slot) {
        List<String> targets = new ArrayList<>();
        slot(turnout, slot)
                .getJsonArray("targets")
                .forEach(target -> targets.add(((JsonObject) target).getString("target")));
        return targets;
    }

    private static JsonObject slot(TurnoutProcess turnout, String slot) {
        return turnout.admin().status().getJsonObject("slots").getJsonObject(slot);
    }

    private static String answeredBy(TurnoutProcess turnout) throws IOException {
        try (RawClient client = turnout.connect()) {
            return client.get("/").read().text();
        }
    }

    @Test
    void a_new_target_of_the_active_slot_takes_part_only_after_its_own_good_probes() throws IOException {
        TurnoutProcess turnout = arena.start(settings);
        second.probes(Effect.status(503, "not yet"));

        CompletableFuture<Admin.Answer> adding = turnout.admin().putAsync(path("blue", second), "");
        Await.until("probes of the new target", () -> second.probesAnswered() > 2);
        for (int i = 0; i < 20; i++) {
            assertThat(answeredBy(turnout)).isEqualTo("blue");
        }
        second.probes(Effect.ok("well"));
        JsonObject report = adding.join().expect(200).json();

        assertThat(report.getJsonArray("targets")).containsExactly(blue.address(), second.address());
        assertThat(report.getJsonArray("configured")).containsExactly(blue.address());
        assertThat(report.getJsonObject("gate").getBoolean("passed")).isTrue();
        Await.until("a request at the new target", () -> answered(turnout, "second"));
        Await.until("a good probe in the status", () -> slot(turnout, "blue").getJsonArray("targets").stream()
                .allMatch(target -> ((JsonObject) target).getString("health").equals("UP")));
    }

    private static boolean answered(TurnoutProcess turnout, String name) {
        try {
            return answeredBy(turnout).equals(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_target_that_is_not_healthy_is_refused_and_nothing_has_changed() {
        TurnoutProcess turnout = arena.start(settings.set("turnout.health.deadline", "300ms"));
        second.probes(Effect.status(503, "never"));

        Admin.Answer refused = turnout.admin().put(path("blue", second)).expect(424);

        assertThat(refused.problem()).isEqualTo("unhealthy");
        assertThat(refused.text()).contains(second.address());
        assertThat(targets(turnout, "blue")).containsExactly(blue.address());
        assertThat(turnout.admin().revision()).isEqualTo(1);
    }

    @Test
    void a_target_that_leaves_drains_first_and_its_request_is_named_when_it_is_cut() throws IOException {
        CountDownLatch word = new CountDownLatch(1);
        settings.blue(blue, second).set("turnout.drain.timeout", "10s").set("turnout.health.fall", "100");
        TurnoutProcess turnout = arena.start(settings);
        blue.always(Effect.heldUntil(word, Effect.ok("finished")));
        second.always(Effect.heldUntil(word, Effect.ok("finished")));
        try (RawClient client = turnout.connect()) {
            client.send("GET /long HTTP/1.1\r\nHost: a\r\n\r\n");
            Await.until("the request", () -> blue.requests() + second.requests() == 1);
            Backend busy = blue.requests() == 1 ? blue : second;
            CompletableFuture<Admin.Answer> removing = turnout.admin().deleteAsync(path("blue", busy));
            Await.until("the drain", () -> turnout.admin().isDraining());
            assertThat(removing.isDone()).isFalse();
            word.countDown();
            assertThat(client.read().text()).isEqualTo("finished");
            JsonObject drain = removing.join().expect(200).json().getJsonObject("drain");
            assertThat(drain.getBoolean("drained")).isTrue();
            assertThat(drain.getInteger("completed")).isEqualTo(1);
        }
    }

    @Test
    void what_is_left_at_the_end_of_the_drain_is_cut_and_named() throws IOException {
        CountDownLatch word = new CountDownLatch(1);
        settings.blue(blue, second).set("turnout.drain.timeout", "300ms");
        TurnoutProcess turnout = arena.start(settings);
        blue.always(Effect.heldUntil(word, Effect.ok("late")));
        second.always(Effect.heldUntil(word, Effect.ok("late")));
        try (RawClient client = turnout.connect()) {
            client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
            Await.until("the request", () -> blue.requests() + second.requests() == 1);
            Backend busy = blue.requests() == 1 ? blue : second;

            JsonObject drain = turnout.admin()
                    .delete(path("blue", busy))
                    .expect(200)
                    .json()
                    .getJsonObject("drain");

            assertThat(drain.getInteger("cutCount")).isEqualTo(1);
            assertThat(drain.getJsonArray("cut").getJsonObject(0).getMap())
                    .containsEntry("path", "/slow")
                    .containsEntry("target", busy.address());
        } finally {
            word.countDown();
        }
    }

    @Test
    void the_idle_slot_gets_fresh_targets_then_the_switch_and_a_restart_keeps_them() throws IOException {
        TurnoutProcess turnout = arena.start(settings);
        Backend third = arena.application("second");
        String list = second.address() + "\n" + third.address() + "\n";

        JsonObject report = turnout.admin()
                .put("/admin/slots/green/targets", list)
                .expect(200)
                .json();

        assertThat(report.getJsonObject("gate").getBoolean("skipped")).isTrue();
        assertThat(turnout.admin().get("/admin/idle").text()).isEqualTo(second.address());
        turnout.admin().switchTo("green");
        assertThat(answeredBy(turnout)).isEqualTo("second");
        turnout.kill9();
        TurnoutProcess next = arena.keep(turnout.restart());
        next.awaitReady();
        assertThat(targets(next, "green")).containsExactly(second.address(), third.address());
        assertThat(slot(next, "green").getJsonArray("configured")).containsExactly(green.address());
        assertThat(slot(next, "blue").getJsonArray("configured")).isNull();
        assertThat(answeredBy(next)).isEqualTo("second");
    }

    @Test
    void a_reset_and_another_configured_list_end_what_was_given_at_run_time() {
        TurnoutProcess turnout = arena.start(settings);
        turnout.admin()
                .put(
                        "/admin/slots/green/targets",
                        new JsonArray().add(second.address()).encode())
                .expect(200);

        JsonObject reset =
                turnout.admin().delete("/admin/slots/green/targets").expect(200).json();

        assertThat(reset.getJsonArray("targets")).containsExactly(green.address());
        assertThat(reset.getJsonArray("configured")).isNull();
        assertThat(turnout.admin()
                        .delete("/admin/slots/green/targets")
                        .expect(200)
                        .json()
                        .getBoolean("changed"))
                .isFalse();
        turnout.admin().put("/admin/slots/green/targets", second.address()).expect(200);
        settings.set("turnout.show-slot", "true").write();
        turnout.admin().post("/admin/reload").expect(200);
        assertThat(targets(turnout, "green")).containsExactly(second.address());
        Backend other = arena.application("other");
        settings.green(other).write();
        turnout.admin().post("/admin/reload").expect(200);
        assertThat(targets(turnout, "green")).containsExactly(other.address());
        assertThat(slot(turnout, "green").getJsonArray("configured")).isNull();
    }

    @Test
    void a_target_with_a_time_stays_while_it_is_renewed_and_is_drained_when_it_is_not() throws Exception {
        TurnoutProcess turnout = arena.start(settings);
        String path = path("blue", second) + "?ttl=2s";
        turnout.admin().put(path).expect(200);
        long revision = turnout.admin().revision();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(4_000);
        while (System.nanoTime() < end) {
            JsonObject renewal = turnout.admin().put(path).expect(200).json();
            assertThat(renewal.getBoolean("changed")).isFalse();
            assertThat(targets(turnout, "blue")).containsExactly(blue.address(), second.address());
        }
        assertThat(turnout.admin().revision()).isEqualTo(revision);
        assertThat(entries(turnout)).hasSize(1);

        Await.until(
                "the end of the target",
                () -> targets(turnout, "blue").equals(List.of(blue.address()))
                        && entries(turnout).size() == 3);

        assertThat(entries(turnout).encode()).contains("which was not renewed", "drained");
    }

    private static JsonArray entries(TurnoutProcess turnout) {
        return turnout.admin().get("/admin/history").expect(200).json().getJsonArray("entries");
    }

    @Test
    void the_last_target_that_is_up_stays_loudly_and_a_restart_gives_it_its_whole_time() {
        TurnoutProcess turnout = arena.start(settings);
        String path = path("blue", second) + "?ttl=2s";
        turnout.admin().put(path).expect(200);
        turnout.admin().delete(path("blue", blue)).expect(200);
        String kept = second.address() + " of slot blue was not renewed within 2 s, and stays";

        Await.until("the warning", () -> warnings(turnout).contains(kept));
        assertThat(targets(turnout, "blue")).containsExactly(second.address());
        assertThat(turnout.log()).contains(kept);
        turnout.kill9();
        TurnoutProcess next = arena.keep(turnout.restart());
        next.awaitReady();
        assertThat(warnings(next)).doesNotContain(kept);
        Await.until("the warning of the new process", () -> warnings(next).contains(kept));
        next.admin().put(path).expect(200);
        assertThat(warnings(next)).doesNotContain(kept);
    }

    private static String warnings(TurnoutProcess turnout) {
        return turnout.admin().status().getJsonArray("warnings").encode();
    }

    @Test
    void the_last_target_of_the_active_slot_stays_unless_it_is_forced() throws IOException {
        TurnoutProcess turnout = arena.start(settings);

        assertThat(turnout.admin().delete(path("blue", blue)).expect(409).problem())
                .isEqualTo("last-target");
        assertThat(turnout.admin()
                        .put("/admin/slots/blue/targets", "[]")
                        .expect(409)
                        .problem())
                .isEqualTo("last-target");
        assertThat(turnout.admin()
                        .delete(path("green", green))
                        .expect(200)
                        .json()
                        .getJsonArray("targets"))
                .isEmpty();
        assertThat(turnout.admin()
                        .post("/admin/switch?to=green&force=true")
                        .expect(404)
                        .problem())
                .isEqualTo("no-target");
        assertThat(turnout.admin().get("/admin/idle").expect(404).problem()).isEqualTo("no-target");
        assertThat(answeredBy(turnout)).isEqualTo("blue");
        turnout.admin().delete(path("blue", blue) + "?force=true").expect(200);
        try (RawClient client = turnout.connect()) {
            assertThat(client.get("/").read().status()).isEqualTo(503);
        }
        turnout.admin().delete("/admin/slots/blue/targets").expect(200);
        assertThat(answeredBy(turnout)).isEqualTo("blue");
    }

    @Test
    void a_wrong_call_says_what_is_wrong_and_changes_nothing() {
        TurnoutProcess turnout = arena.start(settings);
        Admin admin = turnout.admin();
        String many = new JsonArray(
                        IntStream.range(1, 258).mapToObj(i -> "127.0.0.1:" + i).toList())
                .encode();

        assertThat(admin.put("/admin/slots/purple/targets/127.0.0.1:1")
                        .expect(400)
                        .text())
                .contains("blue or green");
        assertThat(admin.put("/admin/slots/green/targets/127.0.0.1").expect(400).text())
                .contains("is not host:port");
        assertThat(admin.put("/admin/slots/green/targets/127.0.0.1:0")
                        .expect(400)
                        .text())
                .contains("a port is 1 to 65535");
        assertThat(admin.put("/admin/slots/green/targets").expect(400).text()).contains("The list is missing");
        assertThat(admin.put("/admin/slots/green/targets", "[1]").expect(400).text())
                .contains("no text");
        assertThat(admin.put("/admin/slots/green/targets", "a:1\na:1")
                        .expect(400)
                        .text())
                .contains("stands twice");
        assertThat(admin.put("/admin/slots/green/targets", many).expect(409).problem())
                .isEqualTo("too-many-targets");
        assertThat(admin.put(path("green", blue)).expect(409).problem()).isEqualTo("in-other-slot");
        assertThat(admin.delete("/admin/slots/green/targets/127.0.0.1:1")
                        .expect(404)
                        .problem())
                .isEqualTo("no-target");
        assertThat(admin.put(path("green", second) + "?service=shop")
                        .expect(404)
                        .problem())
                .isEqualTo("no-service");
        assertThat(admin.put(path("green", second), "x").expect(400).text()).contains("the body has to be empty");
        assertThat(admin.put("/admin/slots/green/targets", "x".repeat(70_000))
                        .expect(413)
                        .problem())
                .isEqualTo("too-large");
        assertThat(admin.revision()).isEqualTo(1);
    }

    @Test
    void the_history_the_lines_and_the_command_line_tell_what_was_done(@TempDir Path folder)
            throws InterruptedException {
        TurnoutProcess turnout = arena.start(settings);

        String set = turnout(turnout, folder, "targets", "set", "green", second.address());

        assertThat(set)
                .contains("Targets: slot green has 1, given at run time: " + second.address() + ".")
                .contains("turnout targets reset green");
        assertThat(turnout(turnout, folder, "targets"))
                .contains("The targets of green were given at run time; configured are " + green.address());
        assertThat(turnout(turnout, folder, "targets", "add", "green", green.address()))
                .contains("has 2");
        assertThat(turnout(turnout, folder, "targets", "remove", "green", second.address(), "--json"))
                .contains("\"configured\" : null");
        assertThat(turnout(turnout, folder, "targets", "reset", "green")).contains("as configured");
        JsonArray entries =
                turnout.admin().get("/admin/history").expect(200).json().getJsonArray("entries");
        assertThat(entries.encode())
                .contains("set the targets of slot green", "add " + green.address() + " to slot green");
    }

    private static String turnout(TurnoutProcess turnout, Path folder, String... words) throws InterruptedException {
        List<String> line = new ArrayList<>(TurnoutCommand.line(words));
        line.addAll(List.of("--url", turnout.adminAddress().toString()));
        TurnoutCommand command = TurnoutCommand.start(folder, List.of(), line);
        assertThat(command.exit()).as(command::err).isZero();
        return command.out();
    }
}
