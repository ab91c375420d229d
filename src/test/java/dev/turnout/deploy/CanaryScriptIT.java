package dev.turnout.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Backend;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code canary.sh}: everybody ends at one of the two versions, and the script says which. */
final class CanaryScriptIT {

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    @TempDir
    Path run;

    private final Backend blue = arena.application("blue");
    private final Backend green = arena.application("green");
    private final TurnoutProcess turnout =
            arena.start(TurnoutProcess.with().blue(blue).green(green).set("turnout.health.deadline", "2s"));
    private final List<DeployScript> scripts = new ArrayList<>();

    @AfterEach
    void endScripts() {
        scripts.forEach(DeployScript::close);
    }

    @Test
    void goes_up_step_by_step_and_ends_with_a_switch() {
        DeployScript script = canary("--yes", "--steps", "5,50", "--wait", "1");

        assertThat(script.exitCode()).as(script.output()).isZero();
        assertThat(turnout.admin().active()).isEqualTo("green");
        assertThat(weight()).isZero();
        assertThat(script.output())
                .containsSubsequence("5 % of the clients", "50 % of the clients", "serves all clients");
        assertThat(whats()).containsSubsequence("promote the canary", "canary 50 %", "canary 5 %");
    }

    @Test
    void asks_before_each_step_and_takes_everybody_back_at_no() {
        DeployScript script = canary("--steps", "5,50", "--wait", "0");
        script.awaitLine("send 5 % of the clients to slot green? [y/N]");
        assertThat(weight()).isZero();
        script.answer("y");
        script.awaitLine("send 50 % of the clients to slot green? [y/N]");
        assertThat(weight()).isEqualTo(5);

        script.answer("n");

        assertThat(script.exitCode()).as(script.output()).isEqualTo(1);
        assertThat(weight()).isZero();
        assertThat(turnout.admin().active()).isEqualTo("blue");
        assertThat(script.output()).contains("slot blue serves all clients, slot green has nothing to do any more");
    }

    @Test
    void ctrl_c_takes_everybody_back() {
        DeployScript script = canary("--yes", "--steps", "10", "--wait", "600");
        script.awaitLine("10 % of the clients go to slot green");

        script.interrupt();

        assertThat(script.exitCode()).as(script.output()).isEqualTo(130);
        assertThat(weight()).isZero();
        assertThat(turnout.admin().active()).isEqualTo("blue");
    }

    @Test
    void ctrl_c_at_a_question_takes_everybody_back() {
        DeployScript script = atSecondQuestion();

        script.interrupt();

        assertThat(script.exitCode()).as(script.output()).isEqualTo(130);
        assertThat(weight()).isZero();
        assertThat(turnout.admin().active()).isEqualTo("blue");
    }

    @Test
    void answers_may_come_before_the_questions() {
        DeployScript script = canary("--steps", "5,50", "--wait", "0");

        script.answer("y\ny\ny");

        assertThat(script.exitCode()).as(script.output()).isZero();
        assertThat(turnout.admin().active()).isEqualTo("green");
    }

    @Test
    void a_version_that_is_not_healthy_gets_nobody() {
        green.kill();

        DeployScript script = canary("--yes", "--steps", "10", "--wait", "0");

        assertThat(script.exitCode()).as(script.output()).isEqualTo(1);
        assertThat(script.output()).contains("Turnout refused (424)");
        assertThat(weight()).isZero();
    }

    @Test
    void a_version_that_dies_loses_everybody() {
        DeployScript script = canary("--yes", "--steps", "10", "--wait", "600");
        script.awaitLine("10 % of the clients go to slot green");

        green.kill();

        assertThat(script.exitCode()).as(script.output()).isEqualTo(1);
        assertThat(script.output()).contains("a target of slot green is down");
        assertThat(weight()).isZero();
    }

    @Test
    void what_somebody_else_does_meanwhile_is_left_as_it_is() {
        DeployScript script = canary("--yes", "--steps", "10", "--wait", "600");
        script.awaitLine("10 % of the clients go to slot green");

        turnout.admin().post("/admin/canary?weight=30").expect(200);

        assertThat(script.exitCode()).as(script.output()).isEqualTo(4);
        assertThat(weight()).isEqualTo(30);
    }

    @Test
    void no_takes_nobody_back_when_somebody_else_has_promoted_the_canary_meanwhile() {
        DeployScript script = atSecondQuestion();
        turnout.admin().post("/admin/canary/promote").expect(200);

        script.answer("n");

        assertThat(script.exitCode()).as(script.output()).isEqualTo(6);
        assertThat(script.output())
                .contains("somebody else has changed the routing: slot green serves")
                .doesNotContain("slot blue serves all clients");
        assertThat(turnout.admin().active()).isEqualTo("green");
    }

    @Test
    void yes_sends_nobody_to_the_old_version_when_somebody_else_has_promoted_the_canary_meanwhile() {
        DeployScript script = atSecondQuestion();
        turnout.admin().post("/admin/canary/promote").expect(200);

        script.answer("y");

        assertThat(script.exitCode()).as(script.output()).isEqualTo(6);
        assertThat(weight()).isZero();
        assertThat(turnout.admin().active()).isEqualTo("green");
    }

    @Test
    void goes_on_when_something_else_of_the_service_has_changed_meanwhile() {
        DeployScript script = atSecondQuestion();
        turnout.admin().post("/admin/maintenance").expect(200);
        turnout.admin().delete("/admin/maintenance").expect(200);

        script.answer("y");
        script.awaitLine("send all clients to slot green? [y/N]");
        assertThat(weight()).isEqualTo(50);
        turnout.admin().post("/admin/maintenance").expect(200);
        script.answer("n");

        assertThat(script.exitCode()).as(script.output()).isEqualTo(1);
        assertThat(weight()).isZero();
        assertThat(script.output()).contains("slot blue serves all clients");
    }

    private DeployScript atSecondQuestion() {
        DeployScript script = canary("--steps", "5,50", "--wait", "0");
        script.awaitLine("send 5 % of the clients to slot green? [y/N]");
        script.answer("y");
        script.awaitLine("send 50 % of the clients to slot green? [y/N]");
        return script;
    }

    @Test
    void goes_on_from_the_share_that_there_is() {
        turnout.admin().post("/admin/canary?weight=20").expect(200);

        DeployScript script = canary("--yes", "--steps", "10,50", "--wait", "0");

        assertThat(script.exitCode()).as(script.output()).isZero();
        assertThat(whats()).doesNotContain("canary 10 %");
        assertThat(turnout.admin().active()).isEqualTo("green");
    }

    @Test
    void steps_that_do_not_rise_are_refused() {
        DeployScript script = canary("--steps", "50,10");

        assertThat(script.exitCode()).isEqualTo(2);
        assertThat(script.output()).contains("the shares have to rise");
    }

    private DeployScript canary(String... options) {
        List<String> arguments =
                new ArrayList<>(List.of("--admin", turnout.adminAddress().toString()));
        arguments.addAll(List.of(options));
        DeployScript script = DeployScript.start("canary.sh", run, arguments);
        scripts.add(script);
        return script;
    }

    private int weight() {
        return turnout.admin().status().getJsonObject("canary").getInteger("weight");
    }

    /** What the journal says was done, newest first. */
    private List<String> whats() {
        return turnout.admin().get("/admin/history").json().getJsonArray("entries").stream()
                .map(entry -> ((JsonObject) entry).getString("what"))
                .toList();
    }
}
