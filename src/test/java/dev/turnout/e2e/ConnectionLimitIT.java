package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Admin.Answer;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.RawClient;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A limit of connections to a target is seen, reloaded, and loses no request at a switch")
final class ConnectionLimitIT {

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    @TempDir
    private Path folder;

    private final CountDownLatch word = new CountDownLatch(1);

    private Backend held(String name) {
        Backend backend = arena.application(name);
        backend.always(Effect.heldUntil(word, Effect.ok(name)));
        return backend;
    }

    private static List<RawClient> gets(TurnoutProcess turnout, int count) throws IOException {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(turnout.connect().get("/"));
        }
        return clients;
    }

    private static void assertAnswered(List<RawClient> clients, String text) throws IOException {
        for (RawClient client : clients) {
            try (client) {
                assertThat(client.read().text()).isEqualTo(text);
            }
        }
    }

    private static long waiting(TurnoutProcess turnout) {
        return turnout.admin().target("blue").getLong("waiting");
    }

    private static void awaitWaiting(TurnoutProcess turnout, long count) {
        Await.until(() -> count + " requests wait, not " + waiting(turnout), () -> waiting(turnout) == count);
    }

    @Test
    void a_switch_takes_what_waits_to_the_new_slot_and_waits_for_what_was_sent() throws Exception {
        Backend blue = held("blue");
        TurnoutProcess turnout = arena.start(TurnoutProcess.with()
                .blue(blue)
                .green(arena.application("green"))
                .set("turnout.upstream.connections", "2")
                .set("turnout.upstream.queue.timeout", "5m"));
        List<RawClient> sent = gets(turnout, 2);
        Await.until("both are there", () -> blue.requests() == 2);
        List<RawClient> waiting = gets(turnout, 50);
        awaitWaiting(turnout, 50);

        CompletableFuture<Answer> switching = turnout.admin().postAsync("/admin/switch?to=green");
        assertAnswered(waiting, "green");
        assertThat(switching).isNotDone();
        word.countDown();
        assertAnswered(sent, "blue");
        JsonObject receipt = switching.get().expect(200).json();
        assertThat(receipt.getJsonObject("drain").getBoolean("drained")).isTrue();
        assertThat(receipt.getJsonObject("drain").getLong("cutCount")).isZero();
        assertThat(blue.requests()).isEqualTo(2);
    }

    @Test
    void status_metrics_and_doctor_tell_how_many_requests_wait() throws Exception {
        Backend blue = held("blue");
        TurnoutProcess.Settings settings = TurnoutProcess.with()
                .blue(blue)
                .green(arena.application("green"))
                .set("turnout.upstream.connections", "1")
                .set("turnout.upstream.queue.timeout", "5m");
        TurnoutProcess turnout = arena.start(settings);
        List<RawClient> clients = gets(turnout, 4);
        awaitWaiting(turnout, 3);

        assertThat(turnout.admin().target("blue").getLong("connections")).isOne();
        assertThat(turnout.admin()
                        .metric("turnout_waiting{service=\"default\",slot=\"blue\",target=\"" + blue.address() + "\"}"))
                .isEqualTo(3);
        List<String> command = new ArrayList<>(settings.command());
        command.addAll(List.of("doctor", "--json"));
        Path output = folder.resolve("doctor");
        new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .directory(folder.toFile())
                .start()
                .waitFor();
        assertThat(Files.readString(output, StandardCharsets.UTF_8))
                .contains("3 requests wait for a connection to " + blue.address());
        word.countDown();
        assertAnswered(clients, "blue");
    }

    @Test
    void a_reload_with_a_higher_limit_lets_those_go_that_wait() throws Exception {
        Backend blue = held("blue");
        TurnoutProcess.Settings settings = TurnoutProcess.with()
                .blue(blue)
                .green(arena.application("green"))
                .set("turnout.upstream.connections", "1")
                .set("turnout.upstream.queue.timeout", "5m")
                .inFile();
        TurnoutProcess turnout = arena.start(settings);
        List<RawClient> clients = gets(turnout, 5);
        awaitWaiting(turnout, 4);

        settings.set("turnout.upstream.connections", "0").write();
        turnout.admin().post("/admin/reload").expect(200);
        Await.until("all are there", () -> blue.requests() == 5);
        word.countDown();
        assertAnswered(clients, "blue");
    }
}
