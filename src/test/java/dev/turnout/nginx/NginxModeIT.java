package dev.turnout.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.CommandOutcome;
import dev.turnout.config.CommandRunner;
import dev.turnout.config.CommandWords;
import dev.turnout.config.NginxConfig.Style;
import dev.turnout.support.Admin;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.RawClient;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.WebhookReceiver;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged Turnout with {@code turnout.mode=nginx} and a real nginx. */
@RequiresProgram(value = "nginx", debianPackage = "nginx")
final class NginxModeIT {

    private static final List<String> CHANGES = List.of("unlink", "write", "chmod", "fsync", "rename");

    private static final int CLIENTS = 8;

    @TempDir
    private Path folder;

    private Backend blue;
    private Backend green;
    private PrivateNginx nginx;
    private Path stateDirectory;
    private int disagreements;

    @BeforeEach
    void start() throws IOException {
        blue = Backend.start().always(Effect.ok("blue"));
        green = Backend.start().always(Effect.ok("green"));
        nginx = PrivateNginx.of(Style.UPSTREAM, folder.resolve("nginx"), blue.address());
    }

    @AfterEach
    void stop() {
        nginx.close();
        blue.close();
        green.close();
    }

    @Test
    void a_switch_answers_with_a_receipt_once_nginxs_old_workers_are_gone() throws Exception {
        try (TurnoutProcess turnout = settings().start();
                RawClient client = RawClient.to(nginx.front())) {
            CountDownLatch word = new CountDownLatch(1);
            long before = blue.requests();
            blue.next(Effect.heldUntil(word, Effect.ok("late")));
            client.get("/slow");
            Await.until("the request is at blue", () -> blue.requests() == before + 1);

            CompletableFuture<JsonObject> receipt =
                    CompletableFuture.supplyAsync(() -> turnout.admin().switchTo("green"));
            Await.until("nginx answers from green", () -> answer().equals("green"));
            assertThat(receipt).as("a request is still at blue").isNotDone();
            word.countDown();
            assertThat(client.read().text()).isEqualTo("late");

            assertThat(receipt.get().getJsonObject("drain").getBoolean("drained"))
                    .isTrue();
            // Both slots are servers of this test's own process.
            assertThat(receipt.get().getJsonArray("warnings"))
                    .singleElement()
                    .asString()
                    .contains("are the same process");
            assertThat(turnout.admin()
                            .post("/admin/rollback")
                            .expect(200)
                            .json()
                            .getString("to"))
                    .isEqualTo("blue");
            assertThat(answer()).isEqualTo("blue");
        }
    }

    @Test
    void a_failure_answers_502_with_nginxs_own_words_and_state_and_include_agree() throws Exception {
        try (TurnoutProcess turnout = settings().start()) {
            String before = Files.readString(nginx.include());
            Files.writeString(nginx.neighbour(), "nonsense on;\n");
            Admin.Answer answer = turnout.admin().post("/admin/switch?to=green");
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.problem()).isEqualTo("nginx-failed");
            assertThat(answer.json().getString("detail"))
                    .startsWith("test failed: ")
                    .contains("unknown directive \"nonsense\"", "slot blue of service 'default' serves as before");
            assertThat(turnout.admin().active()).isEqualTo("blue");
            assertThat(Files.readString(nginx.include())).isEqualTo(before);
        }
    }

    @Test
    void drift_is_in_the_status_and_a_switch_past_it_takes_force() throws Exception {
        try (TurnoutProcess turnout = settings().start()) {
            Files.writeString(
                    nginx.include(), Files.readString(nginx.include()).replace(blue.address(), green.address()));
            assertThat(turnout.admin().status().encode()).contains("somebody else has changed");
            for (String slot : new String[] {"blue", "green"}) {
                Admin.Answer refused = turnout.admin().post("/admin/switch?to=" + slot);
                assertThat(refused.status()).isEqualTo(409);
                assertThat(refused.problem()).isEqualTo("drift");
            }
            turnout.admin().post("/admin/switch?to=blue&force=true").expect(200);
            assertThat(answer()).isEqualTo("blue");
            assertThat(Files.readString(nginx.include())).contains(blue.address());
            assertThat(turnout.admin().status().encode()).doesNotContain("somebody else has changed");
        }
    }

    @Test
    void from_nginx_mode_to_proxy_mode_and_back_no_request_fails() throws Exception {
        BrowserLoad load = BrowserLoad.start(nginx.front(), CLIENTS);
        try (TurnoutProcess proxy = TurnoutProcess.with()
                .blue(blue)
                .green(green)
                .set("turnout.trusted-proxies", "127.0.0.1")
                .start()) {
            TurnoutProcess.Settings settings =
                    settings().set("turnout.green", proxy.front().getAuthority());
            try (TurnoutProcess turnout = settings.start()) {
                turnout.admin().switchTo("green");
                turnout.terminate();
                assertThat(turnout.awaitExit()).isZero();
            }
            proxy.admin().switchTo("green");
            assertThat(answer()).as("nginx, then Turnout, then green").isEqualTo("green");
            proxy.admin().switchTo("blue");
            try (TurnoutProcess turnout = settings.start()) {
                assertThat(turnout.admin().active()).isEqualTo("green");
                turnout.admin().switchTo("blue");
                assertThat(Files.readString(nginx.include())).contains(blue.address());
            }
        }
        assertThat(answer()).as("nginx, then blue").isEqualTo("blue");
        assertThat(load.stop().failures()).isEmpty();
    }

    @Test
    void an_include_that_cannot_be_understood_refuses_the_start() throws Exception {
        Files.writeString(nginx.include(), "return 503;\n");
        TurnoutProcess turnout = settings().launch();
        assertThat(turnout.awaitExit()).isEqualTo(1);
        assertThat(turnout.log()).contains("Turnout can't start: turnout.nginx.include=" + nginx.include());
    }

    @Test
    void killed_while_nginx_is_tested_it_starts_again_with_state_and_include_agreeing() throws Exception {
        killedWhileRunning("test", nginx.test());
    }

    @Test
    void killed_before_nginx_is_reloaded_it_starts_again_with_state_and_include_agreeing() throws Exception {
        killedWhileRunning("reload", nginx.reload());
    }

    @Test
    void killed_after_nginx_was_reloaded_it_starts_again_with_state_and_include_agreeing() throws Exception {
        killedWhileRunning("reload", nginx.reload() + " && " + nginx.reload());
    }

    /** The command hangs once the flag is there, the last one of several. */
    private void killedWhileRunning(String key, String command) throws Exception {
        Path flag = folder.resolve("hang");
        Path hangs = folder.resolve("hangs");
        int last = command.lastIndexOf("nginx -p");
        String script = command.substring(0, last) + "if [ -e " + flag + " ]; then touch " + hangs
                + "; exec sleep 20; fi; " + command.substring(last) + "\n";
        TurnoutProcess.Settings settings =
                settings().set("turnout.nginx." + key, "sh " + Files.writeString(folder.resolve("command"), script));
        try (TurnoutProcess turnout = settings.start()) {
            Files.createFile(flag);
            CompletableFuture.runAsync(() -> turnout.admin().post("/admin/switch?to=green"));
            Await.until("the command runs", () -> Files.exists(hangs));
            turnout.kill9();
            Files.delete(flag);
            try (TurnoutProcess successor = assertConsistent(turnout)) {
                assertThat(successor.admin().active()).isEqualTo("green");
            }
        }
    }

    /** strace kills it at each system call in turn that changes something in the include's folder. */
    @Test
    @RequiresProgram(value = "strace", debianPackage = "strace")
    void killed_at_each_system_call_of_the_write_it_leaves_a_whole_file_and_says_what_disagrees() throws Exception {
        TurnoutProcess turnout = settings().start();
        Map<String, Integer> kills = new TreeMap<>();
        try {
            for (String call : CHANGES) {
                int time = 1;
                while (killedAt(call, time, turnout)) {
                    turnout = assertConsistent(turnout);
                    kills.merge(call, 1, Integer::sum);
                    time++;
                }
            }
        } finally {
            turnout.close();
        }
        assertThat(kills).containsEntry("rename", 1).containsEntry("write", 2).containsKeys("unlink", "fsync", "chmod");
        assertThat(disagreements).as("killed between the state and the include").isPositive();
    }

    /** Whether a switch made that call so many times. */
    private boolean killedAt(String call, int time, TurnoutProcess turnout) throws Exception {
        Path include = nginx.include();
        Path log = folder.resolve("strace-" + call + time);
        Process strace = new ProcessBuilder(
                        "strace",
                        "-f",
                        "-p",
                        String.valueOf(turnout.pid()),
                        "-P",
                        include.getParent().toString(),
                        "-P",
                        include.toString(),
                        "-P",
                        include.resolveSibling(".service-url.inc.turnout-new").toString(),
                        "-P",
                        include.resolveSibling(".service-url.inc.turnout-old").toString(),
                        "-e",
                        "trace=" + call,
                        "-e",
                        "inject=" + call + ":signal=KILL:when=" + time)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            Await.until("strace is attached", () -> text(log).contains("attached"));
            turnout.admin().post("/admin/switch?to=" + other(turnout)).expect(200);
            return false;
        } catch (UncheckedIOException e) {
            turnout.awaitExit();
            return true;
        } finally {
            strace.destroy();
            strace.waitFor();
        }
    }

    /**
     * nginx accepts what is on disk, and a successor starts whose state is what nginx serves by; if the recorded state
     * was another one it says so.
     */
    private TurnoutProcess assertConsistent(TurnoutProcess killed) throws Exception {
        String include = Files.readString(nginx.include());
        assertThat(Include.read(include.getBytes(StandardCharsets.UTF_8), Style.UPSTREAM)
                        .route()
                        .serving())
                .hasSize(1);
        assertThat(new CommandRunner(Duration.ofSeconds(20)).run(CommandWords.parse(nginx.test())))
                .matches(CommandOutcome::succeeded);
        assertThat(answer()).isIn("blue", "green");
        String named = include.contains(blue.address()) ? "blue" : "green";
        String recorded = recorded();

        TurnoutProcess successor = killed.restart();
        assertThat(successor.admin().active()).isEqualTo(named);
        assertThat(answer()).isEqualTo(named);
        assertThat(recorded()).isEqualTo(named);
        assertThat(successor.log().contains("but what was recorded is")).isEqualTo(!recorded.equals(named));
        disagreements += recorded.equals(named) ? 0 : 1;
        try (var files = Files.list(nginx.include().getParent())) {
            assertThat(files).containsExactly(nginx.include());
        }
        return successor;
    }

    private String recorded() throws IOException {
        return new JsonObject(Files.readString(stateDirectory.resolve("state.json")))
                        .encode()
                        .contains("\"active\":\"blue\"")
                ? "blue"
                : "green";
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String other(TurnoutProcess turnout) {
        return turnout.admin().active().equals("blue") ? "green" : "blue";
    }

    private String answer() {
        return BrowserLoad.once(nginx.front());
    }

    @Test
    void receivers_of_notifications_are_told_as_without_nginx() throws Exception {
        try (WebhookReceiver receiver = WebhookReceiver.start();
                TurnoutProcess turnout =
                        settings().set("turnout.notify.url", receiver.url()).start()) {
            turnout.admin().switchTo("green");
            assertThat(receiver.await(1).get(0).json().getString("event")).isEqualTo("deployed");
            green.probes(Effect.status(503, "no"));
            assertThat(receiver.await(2).get(1).json().getString("event")).isEqualTo("service-down");
        }
    }

    private TurnoutProcess.Settings settings() {
        TurnoutProcess.Settings settings = TurnoutProcess.with().blue(blue).green(green);
        for (Map.Entry<String, String> entry : nginx.settings(Style.UPSTREAM).entrySet()) {
            settings.set(entry.getKey(), entry.getValue());
        }
        stateDirectory = settings.stateDirectory();
        return settings;
    }
}
