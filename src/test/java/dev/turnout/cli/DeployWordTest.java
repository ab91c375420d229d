package dev.turnout.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.deploy.LightApp;
import dev.turnout.support.Ports;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A deployment whose Turnout does not answer everything. */
final class DeployWordTest {

    private static final JsonObject RECEIPT =
            new JsonObject().put("service", "default").put("changed", true).put("revision", 8);

    private static final String PROGRESS = "rolling-default.progress";

    @TempDir
    Path folder;

    private final AdminStub admin = new AdminStub();
    private final int port = Ports.next();

    @BeforeEach
    void answer() {
        admin.reply("POST /admin/deployment", AdminStub.json(200, new JsonObject().put("id", "1")));
        admin.reply("DELETE /admin/deployment", AdminStub.json(200, new JsonObject()));
        admin.reply("GET /admin/status", AdminStub.json(200, status("blue")));
    }

    @AfterEach
    void stop() throws IOException {
        admin.close();
        instance().ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void a_receipt_with_no_status_behind_it_leaves_both_versions_running() throws IOException {
        admin.reply("POST /admin/switch", call -> {
            admin.reply("GET /admin/status", AdminStub.lost());
            AdminStub.json(200, RECEIPT).to(call);
        });

        CommandRun run = deploy();

        assertThat(run.exit()).as(run.out() + run.err()).isEqualTo(6);
        assertThat(run.err()).contains("both are left running");
        assertThat(instance()).isPresent();
    }

    @Test
    void a_status_that_is_answered_a_little_later_is_waited_for() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        admin.reply("POST /admin/switch", call -> {
            admin.reply(
                    "GET /admin/status",
                    status -> (asked.incrementAndGet() < 3 ? AdminStub.lost() : AdminStub.json(200, status("green")))
                            .to(status));
            AdminStub.json(200, RECEIPT).to(call);
        });

        CommandRun run = deploy();

        assertThat(run.exit()).as(run.out() + run.err()).isZero();
        assertThat(instance()).isPresent();
    }

    @Test
    void a_change_that_a_fleet_may_have_decided_leaves_both_versions_running() throws IOException {
        admin.reply("POST /admin/switch", AdminStub.problem(503, "fleet-not-known", "etcd has not answered."));

        CommandRun run = deploy();

        assertThat(run.exit()).as(run.out() + run.err()).isEqualTo(6);
        assertThat(run.err()).contains("both are left running");
        assertThat(run.out()).doesNotContain("serves as before");
        assertThat(instance()).isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "412, precondition-failed, 4",
        "409, deploying, 4",
        "409, overtaken, 4",
        "409, cancelled, 1",
        "409, drift, 1",
        "409, paused, 1",
        "409, unsupported, 1",
        "409, member-missing, 1",
        "409, member-slow, 1",
        "409, fleet-differs, 1",
        "424, unhealthy, 1"
    })
    void a_refusal_has_its_exit_code(int status, String type, int exit) throws IOException {
        admin.reply("POST /admin/switch", AdminStub.problem(status, type, "It is refused."));

        CommandRun run = deploy();

        assertThat(run.exit()).as(run.out() + run.err()).isEqualTo(exit);
        assertThat(run.err()).contains("Turnout did not switch (" + status + ")");
        assertThat(instance()).isEmpty();
    }

    @Test
    void a_change_that_nginx_may_serve_by_leaves_both_versions_running() throws IOException {
        JsonObject problem = new JsonObject()
                .put("type", "urn:turnout:problem:nginx-failed")
                .put("title", "The new state was not taken")
                .put("status", 502)
                .put("detail", "restore failed: not confirmed.")
                .put("inForce", "unknown");
        admin.reply("POST /admin/switch", AdminStub.send(502, "application/problem+json", problem.encode()));

        CommandRun run = deploy();

        assertThat(run.exit()).as(run.out() + run.err()).isEqualTo(6);
        assertThat(run.err()).contains("restore failed", "both are left running");
        assertThat(run.out()).doesNotContain("serves as before");
        assertThat(instance()).isPresent();
    }

    @Test
    void a_refusal_with_no_status_behind_it_leaves_both_versions_running() throws IOException {
        admin.reply("POST /admin/canary", call -> {
            admin.reply("GET /admin/status", AdminStub.lost());
            AdminStub.problem(424, "unhealthy", "It is not healthy.").to(call);
        });
        admin.reply("DELETE /admin/canary", AdminStub.json(200, RECEIPT));

        CommandRun run = deploy("--strategy", "canary", "--yes");

        assertThat(run.exit()).as(run.out() + run.err()).isEqualTo(6);
        assertThat(run.out()).doesNotContain("serves as before");
        assertThat(instance()).isPresent();
    }

    @Test
    void a_target_that_is_out_of_rotation_is_named_when_that_can_not_be_noted() throws IOException {
        Files.createDirectories(folder.resolve(PROGRESS).resolve("in the way"));

        CommandRun run = rolling("true");

        assertThat(run.exit()).as(run.out() + run.err()).isEqualTo(2);
        assertThat(run.out()).contains("127.0.0.1:" + port + " is out of rotation");
        assertThat(admin.calls()).noneMatch(call -> call.contains("/ready"));
    }

    @Test
    void a_target_that_serves_is_not_called_out_of_rotation_when_that_can_not_be_noted() {
        Path file = folder.resolve(PROGRESS);

        CommandRun run = rolling("rm '" + file + "' && mkdir -p '" + file + "/in the way'");

        assertThat(run.exit()).as(run.out() + run.err()).isEqualTo(2);
        assertThat(run.out()).contains("is replaced and serves").doesNotContain("is out of rotation");
    }

    /** Replaces the one target of slot green, which serves, by a command. */
    private CommandRun rolling(String command) {
        admin.reply("GET /admin/status", AdminStub.json(200, status("green")));
        String target = "/admin/targets/127.0.0.1:" + port;
        admin.reply("POST " + target + "/drain", AdminStub.json(200, RECEIPT));
        admin.reply("POST " + target + "/ready", AdminStub.json(200, RECEIPT));
        return CommandRun.of(
                "deploy",
                "--strategy",
                "rolling",
                "--state",
                folder.toString(),
                "--url",
                admin.url(),
                "--",
                "sh",
                "-c",
                command);
    }

    private CommandRun deploy(String... options) {
        List<String> words = new ArrayList<>(List.of(
                "deploy",
                "--exec",
                String.join(" ", LightApp.command("{port}", "two")),
                "--state",
                folder.toString(),
                "--start-timeout",
                "240",
                "--url",
                admin.url()));
        words.addAll(List.of(options));
        return CommandRun.of(words.toArray(String[]::new));
    }

    private JsonObject status(String active) {
        JsonObject status = AdminStub.status().put("active", active).put("revision", active.equals("blue") ? 7 : 8);
        JsonArray targets = status.getJsonObject("slots").getJsonObject("green").getJsonArray("targets");
        targets.getJsonObject(0).put("target", "127.0.0.1:" + port);
        JsonArray old = status.getJsonObject("slots").getJsonObject("blue").getJsonArray("targets");
        old.getJsonObject(0).put("target", "127.0.0.1:" + Ports.next());
        return status;
    }

    private Optional<ProcessHandle> instance() throws IOException {
        Path file = folder.resolve(port + ".pid");
        return Files.exists(file)
                ? ProcessHandle.of(Long.parseLong(Files.readString(file).strip()))
                : Optional.empty();
    }
}
