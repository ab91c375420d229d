package dev.turnout.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Guards;
import dev.turnout.support.Ports;
import dev.turnout.support.TurnoutProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** One Turnout and one served application for all tests: a failed deployment must leave both as they were. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DeployScriptIT {

    private static final Duration SLOW_ANSWER = Duration.ofSeconds(3);
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final List<DeployScript> scripts = new ArrayList<>();

    private Path run;
    private TurnoutProcess turnout;

    /** What users see, and what Turnout says of it. */
    private record Serving(String version, String target, long revision) {}

    @BeforeAll
    void deployTheFirstVersion(@TempDir Path folder) throws IOException {
        run = folder;
        turnout = TurnoutProcess.with()
                .set("turnout.blue", "127.0.0.1:" + Ports.next())
                .set("turnout.green", "127.0.0.1:" + Ports.next())
                .set("turnout.health.path", "/")
                .set("turnout.health.timeout", "1s")
                .set("turnout.health.deadline", "12s")
                .start();
        DeployScript first = deploy("-Dapp.version=first");
        assertThat(first.exitCode()).as(first.output()).isZero();
    }

    @AfterAll
    void stopEverything() throws IOException {
        scripts.forEach(DeployScript::close);
        turnout.close();
        try (Stream<Path> files = Files.list(run)) {
            files.filter(file -> file.toString().endsWith(".pid"))
                    .flatMap(file -> process(file).stream())
                    .forEach(DeployScriptIT::kill);
        }
    }

    @Test
    void replaces_the_old_version_by_the_new_one_and_stops_the_old_process() {
        Serving before = serving();
        ProcessHandle old = instanceAt(before.target()).orElseThrow();

        DeployScript script = deploy("-Dapp.version=next");

        assertThat(script.exitCode()).as(script.output()).isZero();
        assertThat(serving()).isEqualTo(new Serving("next", script.newTarget(), before.revision() + 1));
        Await.until("the end of the old process", () -> !old.isAlive());
        long pid = instanceAt(script.newTarget()).orElseThrow().pid();
        assertThat(Path.of("/proc/" + pid + "/environ"))
                .content()
                .contains("TURNOUT_RUN=")
                .doesNotContain(DeployScript.TOKEN);
        assertThat(receipt().getLong("revision")).isEqualTo(before.revision() + 1);
    }

    @Test
    @Guards("F19")
    void the_old_process_is_stopped_only_after_its_requests_have_ended() {
        ProcessHandle old = instanceAt(serving().target()).orElseThrow();
        DeployScript script = deploy("-Dapp.version=after-slow");
        script.awaitLine("asking Turnout to switch");
        long asked = System.nanoTime();
        CompletableFuture<HttpResponse<String>> slow =
                http.sendAsync(get("/slow?millis=" + SLOW_ANSWER.toMillis()), HttpResponse.BodyHandlers.ofString());

        DeployScript.Line stopping = script.awaitLine("stopping the old version");

        assertThat(Duration.ofNanos(stopping.nanos() - asked)).isGreaterThanOrEqualTo(SLOW_ANSWER);
        assertThat(slow.join().body()).isEqualTo("slept " + SLOW_ANSWER.toMillis());
        assertThat(script.exitCode()).as(script.output()).isZero();
        assertThat(receipt().getJsonObject("drain").getBoolean("drained")).isTrue();
        assertThat(script.output()).doesNotContain("killing it");
        Await.until("the end of the old process", () -> !old.isAlive());
    }

    @Test
    @Guards("F23")
    void a_version_that_fails_to_start_ends_the_deployment_at_once_with_its_log() {
        assertFails(deploy("-Dapp.fail-start=true", "--start-timeout", "600"))
                .contains("ended before it opened port")
                .contains("this version cannot start: app.fail-start=true");
    }

    @Test
    @Guards("F23")
    void a_version_that_does_not_open_its_port_in_time_is_given_up_with_its_log() {
        assertFails(deploy("-Dapp.start-delay=10m", "--start-timeout", "30"))
                .contains("has not opened port")
                .contains("within 30 s")
                .contains("Starting SampleApplication");
    }

    @Test
    void a_version_that_answers_500_is_refused_with_what_turnout_saw() {
        assertFails(deploy("-Dapp.health=down"))
                .contains("Turnout did not switch (424)")
                .contains("500")
                .contains("Started SampleApplication");
    }

    @Test
    @Guards("F16")
    void a_version_whose_probes_are_good_and_whose_traffic_is_not_is_taken_back() {
        Serving before = serving();
        Thread clients = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                http.sendAsync(get("/version"), HttpResponse.BodyHandlers.ofString())
                        .join();
            }
        });
        clients.start();
        try {
            DeployScript script = deploy("-Dapp.health=hollow", "--watch", "60");

            assertThat(script.exitCode()).as(script.output()).isEqualTo(1);
            assertThat(script.output()).contains("(424)", "fails more often", before.target() + " serves as before");
            assertThat(instanceAt(script.newTarget())).isEmpty();
        } finally {
            clients.interrupt();
        }
        assertThat(serving()).isEqualTo(new Serving(before.version(), before.target(), before.revision() + 2));
    }

    @Test
    void a_version_that_listens_and_never_answers_is_refused() {
        assertFails(deploy("-Dapp.health=mute"))
                .contains("Turnout did not switch (424)")
                .contains("Started SampleApplication");
    }

    @Test
    @Guards("F24")
    void a_client_with_the_number_of_the_idle_port_does_not_occupy_it() throws IOException {
        try (ServerSocket elsewhere = new ServerSocket(0, 1, LOOPBACK);
                Socket client = new Socket()) {
            client.setReuseAddress(true);
            client.bind(new InetSocketAddress(LOOPBACK, port(idle())));
            client.connect(elsewhere.getLocalSocketAddress());

            DeployScript script = deploy("-Dapp.version=beside-a-client");

            assertThat(script.exitCode()).as(script.output()).isZero();
        }
        assertThat(serving().version()).isEqualTo("beside-a-client");
    }

    @Test
    @Guards("F24")
    void a_stranger_at_the_idle_port_is_named_and_left_alone() throws IOException {
        Serving before = serving();
        try (ServerSocket stranger = new ServerSocket(port(idle()), 1, LOOPBACK)) {

            DeployScript script = deploy("-Dapp.version=never");

            assertThat(script.exitCode()).as(script.output()).isEqualTo(5);
            assertThat(script.output())
                    .contains("port " + stranger.getLocalPort() + " is taken by process "
                            + ProcessHandle.current().pid() + " ");
            assertThat(stranger.isClosed()).isFalse();
        }
        assertThat(serving()).isEqualTo(before);
    }

    @Test
    void a_stranger_with_the_number_of_a_pid_file_is_left_alone() throws IOException {
        Serving before = serving();
        String port = String.valueOf(port(idle()));
        Process stranger = new ProcessBuilder("sh", "-c", "sleep 600; :", "-Dserver.port=" + port).start();
        try {
            Files.writeString(run.resolve(port + ".pid"), stranger.pid() + "\n");

            DeployScript script = deploy("-Dapp.version=beside-a-stranger");

            assertThat(script.exitCode()).as(script.output()).isZero();
            assertThat(serving().revision()).isEqualTo(before.revision() + 1);
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    @Guards("F17")
    void the_new_version_goes_where_turnout_says_while_the_old_one_is_down() {
        Serving before = serving();
        String idle = idle();
        ProcessHandle old = instanceAt(before.target()).orElseThrow();
        kill(old);

        DeployScript script = deploy("-Dapp.version=after-a-crash");

        assertThat(script.exitCode()).as(script.output()).isZero();
        assertThat(script.output()).contains("nothing was running at " + before.target());
        assertThat(serving()).isEqualTo(new Serving("after-a-crash", idle, before.revision() + 1));
    }

    @Test
    void the_old_version_that_was_kept_serves_again_after_a_rollback() {
        Serving before = serving();
        DeployScript script = deploy("-Dapp.version=rolled-back", "--keep-old");
        assertThat(script.exitCode()).as(script.output()).isZero();

        turnout.admin().post("/admin/rollback").expect(200);

        assertThat(serving()).isEqualTo(new Serving(before.version(), before.target(), before.revision() + 2));
        kill(instanceAt(script.newTarget()).orElseThrow());
    }

    @Test
    void a_second_deployment_at_the_same_time_is_refused() {
        DeployScript first = deploy("-Dapp.version=one-at-a-time");
        first.awaitLine("started process");

        DeployScript second = deploy("-Dapp.version=never");

        assertThat(second.exitCode()).as(second.output()).isEqualTo(4);
        assertThat(first.exitCode()).as(first.output()).isZero();
        assertThat(serving().version()).isEqualTo("one-at-a-time");
    }

    @Test
    void an_interrupted_start_leaves_the_old_version_serving() {
        Serving before = serving();
        DeployScript script = deploy("-Dapp.start-delay=10m");
        script.awaitLine("started process");

        script.terminate();

        assertThat(script.exitCode()).as(script.output()).isEqualTo(143);
        assertThat(instanceAt(script.newTarget())).isEmpty();
        assertThat(serving()).isEqualTo(before);
    }

    @Test
    void a_deployment_whose_output_nobody_reads_any_more_goes_on() {
        DeployScript script = deploy("-Dapp.version=unread");
        script.awaitLine("started process");

        script.stopReading();

        assertThat(script.exitCode()).isZero();
        assertThat(serving().version()).isEqualTo("unread");
    }

    @Test
    void nothing_is_started_when_turnout_cannot_be_reached() throws IOException {
        URI nobody;
        try (ServerSocket closed = new ServerSocket(0)) {
            nobody = URI.create("http://127.0.0.1:" + closed.getLocalPort());
        }

        DeployScript script = DeployScript.deploy(nobody, run, "-Dapp.version=never");

        assertThat(script.exitCode()).as(script.output()).isEqualTo(3);
        assertThat(script.output()).contains(nobody.toString()).doesNotContain("started");
    }

    @Test
    void an_unknown_option_is_refused() {
        DeployScript script = DeployScript.start("deploy.sh", run, List.of("--force", "app.jar"));

        assertThat(script.exitCode()).isEqualTo(2);
        assertThat(script.output()).contains("--force");
    }

    /** Waits for the end of a deployment that fails and must have changed nothing; what it printed is for more checks. */
    private AbstractStringAssert<?> assertFails(DeployScript script) {
        Serving before = serving();
        assertThat(script.exitCode()).as(script.output()).isEqualTo(1);
        assertThat(serving()).isEqualTo(before);
        assertThat(script.newTarget()).isNotEqualTo(before.target());
        assertThat(instanceAt(script.newTarget())).isEmpty();
        assertThat(isOpen(script.newTarget())).isFalse();
        return assertThat(script.output()).contains(before.target() + " serves as before");
    }

    private DeployScript deploy(String application, String... options) {
        DeployScript script = DeployScript.deploy(turnout.adminAddress(), run, application, options);
        scripts.add(script);
        return script;
    }

    private Serving serving() {
        return new Serving(
                http.sendAsync(get("/version"), HttpResponse.BodyHandlers.ofString())
                        .join()
                        .body(),
                turnout.admin().get("/admin/active").expect(200).text(),
                turnout.admin().revision());
    }

    private String idle() {
        return turnout.admin().get("/admin/idle").expect(200).text();
    }

    private JsonObject receipt() {
        try {
            return new JsonObject(Files.readString(run.resolve("receipt.json")));
        } catch (IOException e) {
            throw new AssertionError("no receipt", e);
        }
    }

    private HttpRequest get(String path) {
        return HttpRequest.newBuilder(turnout.front().resolve(path)).build();
    }

    /** The process that the script has started on a target's port and not stopped since. */
    private Optional<ProcessHandle> instanceAt(String target) {
        return process(run.resolve(port(target) + ".pid"));
    }

    private static Optional<ProcessHandle> process(Path pidFile) {
        try {
            return Files.exists(pidFile)
                    ? ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip()))
                    : Optional.empty();
        } catch (IOException e) {
            throw new AssertionError(pidFile.toString(), e);
        }
    }

    private static void kill(ProcessHandle process) {
        process.destroyForcibly();
        Await.until("the end of process " + process.pid(), () -> !process.isAlive());
    }

    private static boolean isOpen(String target) {
        try (Socket socket = new Socket(LOOPBACK, port(target))) {
            return socket.isConnected();
        } catch (ConnectException e) {
            return false;
        } catch (IOException e) {
            throw new AssertionError(target, e);
        }
    }

    private static int port(String target) {
        return Integer.parseInt(target.substring(target.lastIndexOf(':') + 1));
    }
}
