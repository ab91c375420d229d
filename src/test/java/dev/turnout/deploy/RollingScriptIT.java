package dev.turnout.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Ports;
import dev.turnout.support.TurnoutProcess;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rolling.sh} over three instances of the sample application that clients are using. */
final class RollingScriptIT {

    private static final int INSTANCES = 3;
    private static final int CLIENTS = 4;

    /** Ends the instance of a port, and starts the version that the folder names; as an operator would write it. */
    private static final String RESTART = """
            #!/usr/bin/env bash
            set -euo pipefail
            cd "$(dirname "$0")"
            port=$1
            if [ -e "$port.pid" ]; then
                pid=$(cat "$port.pid")
                kill "$pid" 2>/dev/null || true
                while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
            fi
            [ ! -e "broken-$port" ] || { echo "the disk of $port is full"; exit 3; }
            nohup "$JAVA_HOME/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx128m \\
                "-Dapp.version=$(cat version)" $(cat "options-$port" 2>/dev/null) "-Dserver.port=$port" -jar "$2" \\
                >"$port.log" 2>&1 &
            echo "$!" >"$port.pid"
            """;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    Path folder;

    private List<Integer> ports;
    private TurnoutProcess turnout;

    @BeforeEach
    void startThreeInstances() throws Exception {
        ports = Stream.generate(Ports::next).limit(INSTANCES + 1).toList();
        Files.writeString(folder.resolve("restart.sh"), RESTART);
        Files.writeString(folder.resolve("version"), "1");
        for (int port : ports.subList(0, INSTANCES)) {
            Process restart = restart(port);
            assertThat(restart.waitFor()).isZero();
        }
        turnout = TurnoutProcess.with()
                .set("turnout.blue", "127.0.0.1:%d,127.0.0.1:%d,127.0.0.1:%d".formatted(ports.toArray()))
                .set("turnout.green", "127.0.0.1:" + ports.get(INSTANCES))
                .set("turnout.health.path", "/")
                .set("turnout.health.deadline", "240s")
                .start();
        Await.until(() -> "three healthy targets: " + targets(), Await.LONG_PATIENCE, () -> targets().stream()
                .allMatch(target -> target.getString("health").equals("UP")));
    }

    @AfterEach
    void stopEverything() throws IOException {
        turnout.close();
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(file -> file.toString().endsWith(".pid"))
                    .forEach(file -> ProcessHandle.of(pid(file)).ifPresent(process -> {
                        process.destroyForcibly();
                        Await.until("the end of " + process.pid(), () -> !process.isAlive());
                    }));
        }
    }

    @Test
    void replaces_three_instances_under_load_and_no_request_fails() throws IOException {
        Files.writeString(folder.resolve("version"), "2");
        DeployScript script;
        try (Clients clients = new Clients()) {
            script = roll();
            assertThat(script.exitCode()).as(script.output()).isZero();
            clients.awaitMore(100);
            assertThat(clients.failures).isEmpty();
            assertThat(clients.answers.get()).isGreaterThan(300);
        }

        assertThat(versions()).containsOnly("2").hasSize(INSTANCES);
        assertThat(targets()).allMatch(target -> target.getBoolean("inRotation"));
        assertThat(script.output()).contains("--- 3 of 3", "all 3 targets of slot blue are replaced");
    }

    @Test
    void stops_at_the_one_that_does_not_come_back_with_two_serving_and_goes_on_with_it_after_the_mend()
            throws IOException {
        Files.writeString(folder.resolve("version"), "2");
        int third = ports.get(INSTANCES - 1);
        Files.writeString(folder.resolve("broken-" + third), "");
        Map<Integer, Long> replaced;
        try (Clients clients = new Clients()) {
            DeployScript stopped = roll();

            assertThat(stopped.exitCode()).as(stopped.output()).isEqualTo(1);
            assertThat(stopped.output()).contains("the disk of " + third + " is full", "the other targets serve");
            clients.awaitMore(100);
            assertThat(clients.failures).isEmpty();
        }
        assertThat(targets().stream().filter(target -> target.getBoolean("inRotation")))
                .hasSize(2)
                .allMatch(target -> !target.getString("target").endsWith(":" + third));
        replaced = pids();

        Files.delete(folder.resolve("broken-" + third));
        DeployScript mended = roll();

        assertThat(mended.exitCode()).as(mended.output()).isZero();
        assertThat(mended.output()).contains("2 of 3 are replaced already");
        assertThat(versions()).containsOnly("2").hasSize(INSTANCES);
        assertThat(targets()).allMatch(target -> target.getBoolean("inRotation"));
        assertThat(pids()).containsAllEntriesOf(without(third, replaced));
    }

    @Test
    void one_that_starts_and_is_not_healthy_stays_out_of_rotation_and_a_run_afresh_begins_with_it() throws IOException {
        turnout.close();
        turnout = shortGate();
        int second = ports.get(1);
        Files.writeString(folder.resolve("options-" + second), "-Dapp.health=down");

        DeployScript stopped = roll();

        assertThat(stopped.exitCode()).as(stopped.output()).isEqualTo(1);
        assertThat(stopped.output()).contains("Turnout refused (424)");
        assertThat(targets().stream().filter(target -> target.getBoolean("inRotation")))
                .hasSize(2);

        Files.delete(folder.resolve("options-" + second));
        DeployScript afresh = roll("--afresh");

        assertThat(afresh.exitCode()).as(afresh.output()).isZero();
        assertThat(afresh.line("--- 1 of 3").text()).contains(":" + second, "out of rotation");
    }

    /** Long enough for a start, and not longer. */
    private TurnoutProcess shortGate() {
        return TurnoutProcess.with()
                .set("turnout.blue", "127.0.0.1:%d,127.0.0.1:%d,127.0.0.1:%d".formatted(ports.toArray()))
                .set("turnout.green", "127.0.0.1:" + ports.get(INSTANCES))
                .set("turnout.health.path", "/")
                .set("turnout.health.deadline", "60s")
                .start();
    }

    private DeployScript roll(String... options) {
        List<String> arguments =
                new ArrayList<>(List.of("--admin", turnout.adminAddress().toString()));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of(
                "--", "bash", folder.resolve("restart.sh").toString(), "{port}", DeployScript.SAMPLE_APP.toString()));
        return DeployScript.start("rolling.sh", folder, arguments);
    }

    private Process restart(int port) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        "setsid",
                        "--wait",
                        "bash",
                        folder.resolve("restart.sh").toString(),
                        String.valueOf(port),
                        DeployScript.SAMPLE_APP.toString())
                .inheritIO();
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder.start();
    }

    private List<JsonObject> targets() {
        JsonArray targets = turnout.admin()
                .status()
                .getJsonObject("slots")
                .getJsonObject("blue")
                .getJsonArray("targets");
        return IntStream.range(0, targets.size())
                .mapToObj(targets::getJsonObject)
                .toList();
    }

    /** What each instance says of itself, asked directly. */
    private List<String> versions() {
        return ports.subList(0, INSTANCES).stream()
                .map(port -> get(URI.create("http://127.0.0.1:" + port + "/version")))
                .toList();
    }

    private String get(URI uri) {
        return http.sendAsync(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .join()
                .body();
    }

    private Map<Integer, Long> pids() {
        return ports.subList(0, INSTANCES).stream()
                .collect(Collectors.toMap(port -> port, port -> pid(folder.resolve(port + ".pid"))));
    }

    private static Map<Integer, Long> without(int port, Map<Integer, Long> pids) {
        Map<Integer, Long> rest = new TreeMap<>(pids);
        rest.remove(port);
        return rest;
    }

    private static long pid(Path file) {
        try {
            return Long.parseLong(Files.readString(file).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Clients that ask again and again, and note each answer that is not the one they should get. */
    private final class Clients implements AutoCloseable {

        private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        private final AtomicLong answers = new AtomicLong();
        private final List<Thread> threads = new ArrayList<>();
        private volatile boolean stopping;

        Clients() {
            HttpRequest request =
                    HttpRequest.newBuilder(turnout.front().resolve("/version")).build();
            for (int i = 0; i < CLIENTS; i++) {
                Thread thread = new Thread(() -> ask(request), "client " + i);
                thread.start();
                threads.add(thread);
            }
        }

        private void ask(HttpRequest request) {
            while (!stopping) {
                try {
                    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
                    if (answer.statusCode() != 200 || !answer.body().matches("[12]")) {
                        failures.add(answer + " " + answer.body());
                    }
                    answers.incrementAndGet();
                    Thread.sleep(5);
                } catch (IOException e) {
                    failures.add(e.toString());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }

        void awaitMore(int count) {
            long until = answers.get() + count;
            Await.until("more answers", () -> answers.get() >= until);
        }

        @Override
        public void close() {
            stopping = true;
            for (Thread thread : threads) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
