package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Admin;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.ContainerEngine;
import dev.turnout.support.Effect;
import dev.turnout.support.Load;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Containers become targets by their labels")
final class ContainersIT {

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    @TempDir
    Path folder;

    private final Backend blue = arena.application("blue");
    private final Backend green = arena.application("green");
    private final Backend more = arena.application("more");
    private final Backend next = arena.application("next");
    private ContainerEngine engine;

    @BeforeEach
    void startEngine() {
        engine = ContainerEngine.at(folder.resolve("docker.sock"));
    }

    @AfterEach
    void stopEngine() {
        engine.close();
    }

    private TurnoutProcess start() {
        return arena.start(TurnoutProcess.with()
                .blue(blue)
                .green(green)
                .set("turnout.docker.socket", engine.socket().toString())
                .set("turnout.health.interval", "20ms"));
    }

    private static JsonObject container(String id, Backend at, String slot) {
        String[] address = at.address().split(":");
        return ContainerEngine.container(
                id,
                address[0],
                Integer.parseInt(address[1]),
                Map.of("turnout.service", "default", "turnout.slot", slot));
    }

    private static List<String> targets(Admin admin, String slot) {
        List<String> targets = new ArrayList<>();
        admin.status()
                .getJsonObject("slots")
                .getJsonObject(slot)
                .getJsonArray("targets")
                .forEach(target -> targets.add(((JsonObject) target).getString("target")));
        return targets;
    }

    @Test
    @DisplayName(
            "as they come under load: to the idle slot for the next switch, to the active one after their own probes")
    void they_come() {
        TurnoutProcess turnout = start();
        Admin admin = turnout.admin();
        Load load = Load.on(turnout.front()).keepAlive(4, Duration.ofMillis(2)).start();
        more.probes(Effect.status(503, "booting"));
        engine.run(container("web-2", more, "active"));
        engine.run(container("web-3", next, "idle"));
        Await.until("the idle slot has it", () -> targets(admin, "green").contains(next.address()));
        Await.until("it was probed", () -> more.probesAnswered() > 2);
        assertThat(targets(admin, "blue")).containsExactly(blue.address());

        more.probes(Effect.ok("up"));
        Await.until("the active slot has it", () -> targets(admin, "blue").contains(more.address()));
        Await.until("it has requests", () -> more.requests() > 0);
        assertThat(admin.metric("turnout_containers_up")).isEqualTo(1);
        assertThat(admin.metric("turnout_containers")).isEqualTo(2);
        Await.until("none waits", () -> admin.metric("turnout_containers_waiting") == 0);

        admin.post("/admin/switch?to=green").expect(200);
        Await.until("the container serves", () -> next.requests() > 0);
        // A container that goes stays a target until an operator removes it.
        engine.kill("web-2");
        assertThat(targets(admin, "blue")).contains(more.address());
        assertThat(load.stop().failures()).isEmpty();
    }

    @Test
    @DisplayName(
            "once: a restart brings back none that an operator has removed, and says if the engine does not answer")
    void once() {
        TurnoutProcess turnout = start();
        Admin admin = turnout.admin();
        engine.run(container("web-3", next, "idle"));
        Await.until("the idle slot has it", () -> targets(admin, "green").contains(next.address()));
        Await.until("none waits", () -> admin.metric("turnout_containers_waiting") == 0);
        Await.until(
                "it is removed",
                () -> admin.delete("/admin/slots/green/targets/" + next.address())
                                .status()
                        == 200);
        turnout.kill9();
        TurnoutProcess again = arena.keep(turnout.restart());
        Await.until("the engine has answered", () -> again.admin().metric("turnout_containers") == 1);
        Await.until("none waits", () -> again.admin().metric("turnout_containers_waiting") == 0);
        assertThat(targets(again.admin(), "green")).containsExactly(green.address());

        engine.stop();
        Await.until("it is told", () -> again.admin().status().encode().contains("containers-not-known"));
        assertThat(again.admin().metric("turnout_containers_up")).isZero();
        engine.start();
        engine.run(container("web-4", more, "red"));
        Await.until("the label is told", () -> again.admin().status().encode().contains("turnout.slot=red"));
        Await.until("it answers again", () -> again.admin().metric("turnout_containers_up") == 1);
    }
}
