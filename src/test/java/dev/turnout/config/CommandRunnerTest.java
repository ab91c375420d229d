package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CommandRunnerTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    @Test
    void words_reach_the_program_as_they_are_and_no_shell_reads_them() throws InterruptedException {
        CommandWords words = CommandWords.parse("printf '%s|' \"a b\" '$HOME' ; * 'it'\"'\"'s'");
        assertThat(new CommandRunner(LONG).run(words))
                .isEqualTo(new CommandOutcome.Ended(words.toString(), 0, "a b|$HOME|;|*|it's|"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TURNOUT_ADMIN_TOKEN",
                "turnout_admin_token",
                "turnout.admin.token",
                "_PROD_TURNOUT_ADMIN_TOKEN",
                "TURNOUT_PREVIEW_SECRET",
                "QUARKUS_TLS_KEY_STORE_P12_PASSWORD",
                "SMALLRYE_CONFIG_LOCATIONS",
                "JAVA_OPTS",
                "JDK_JAVA_OPTIONS",
                "NOTIFY_SOCKET",
                "LISTEN_FDS"
            })
    void what_is_turnouts_alone_is_not_in_the_environment_of_a_command(String name) throws InterruptedException {
        assertThat(environment(Map.of(name, "-Dof=a-secret", "DOCKER_HOST", "unix:///d")))
                .contains("DOCKER_HOST=unix:///d")
                .doesNotContain("=-Dof=a-secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PATH", "HOME", "LANG", "MY_TURNOUT", "NGINX_TURNOUTS", "JAVA_HOME"})
    void other_variables_reach_it(String name) throws InterruptedException {
        assertThat(environment(Map.of(name, "a-value"))).contains(name + "=a-value");
    }

    /** What a real command, in a Turnout with these variables, says of its environment. */
    private static String environment(Map<String, String> variables) throws InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                PrintedEnvironment.class.getName());
        builder.environment().putAll(variables);
        try {
            Process turnout = builder.redirectErrorStream(true).start();
            return new String(turnout.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A process that runs a command and prints what that says. */
    static final class PrintedEnvironment {

        private PrintedEnvironment() {}

        public static void main(String... args) throws InterruptedException {
            CommandOutcome outcome = new CommandRunner(LONG).run(CommandWords.parse("/usr/bin/env"));
            System.out.println(outcome);
        }
    }

    @Test
    void what_a_failing_command_says_is_kept_with_its_exit_code() throws InterruptedException {
        CommandOutcome outcome = run("echo out; echo '[emerg] broken' >&2; exit 3", LONG);
        assertThat(outcome.succeeded()).isFalse();
        assertThat(outcome.describe()).contains("exit code 3", "out\\n[emerg] broken");
    }

    @Test
    void of_very_much_output_the_end_is_kept() throws InterruptedException {
        CommandOutcome outcome = run("yes filler | head -c 1000000; echo the end; exit 1", LONG);
        assertThat(outcome.describe()).endsWith("the end").hasSizeLessThan(10_000);
    }

    @Test
    void a_command_that_hangs_is_killed_with_its_children() throws Exception {
        Path pids = folder.resolve("pids");
        CommandOutcome outcome = run(
                "sleep 1000 & echo $! > " + pids + "; echo before; sleep 1000 & echo $! >> " + pids + "; wait",
                Duration.ofMillis(500));
        assertThat(outcome).isInstanceOf(CommandOutcome.TimedOut.class);
        assertThat(outcome.describe()).contains("killed after 500 ms", "before");
        for (String pid : Files.readAllLines(pids)) {
            Await.until("process " + pid + " is gone", () -> !runs(pid));
        }
    }

    @Test
    void a_daemon_that_keeps_the_output_open_does_not_hold_the_command_up() throws Exception {
        Path pid = folder.resolve("pid");
        long began = System.nanoTime();
        CommandOutcome outcome = run("setsid sleep 1000 & echo $! > " + pid + "; echo started", LONG);
        assertThat(outcome.succeeded()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
        ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void a_program_that_is_not_there_is_said() throws InterruptedException {
        CommandOutcome outcome = new CommandRunner(LONG).run(new CommandWords(List.of("/no/such/program")));
        assertThat(outcome).isInstanceOf(CommandOutcome.NotStarted.class);
        assertThat(outcome.describe()).contains("'/no/such/program' could not be started", "No such file");
    }

    private static CommandOutcome run(String script, Duration limit) throws InterruptedException {
        return new CommandRunner(limit).run(new CommandWords(List.of("sh", "-c", script)));
    }

    private static boolean runs(String pid) {
        try {
            return !Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z ");
        } catch (IOException e) {
            return false;
        }
    }
}
