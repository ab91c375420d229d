package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.RawClient;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code deploy/restart.sh}, as an operator calls it. */
final class RestartScriptIT {

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    @TempDir
    Path folder;

    private final TurnoutProcess.Settings settings =
            TurnoutProcess.with().blue(arena.application("blue")).set("turnout.listen.reuse-port", "true");

    private record Run(int exitCode, String output) {}

    private Run restart(List<String> command, String... options) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(
                "deploy/restart.sh",
                "--state",
                settings.stateDirectory().toString(),
                "--log",
                folder.resolve("log").toString()));
        words.addAll(List.of(options));
        words.add("--");
        words.addAll(command);
        Process script = new ProcessBuilder(words).redirectErrorStream(true).start();
        String output = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(script.waitFor(), output);
    }

    @Test
    void it_replaces_the_process_and_returns_when_the_old_one_has_ended() throws Exception {
        TurnoutProcess old = arena.start(settings);
        Run run = restart(old.successorCommand());
        try {
            assertThat(run.output()).contains("has taken the place of process " + old.pid());
            assertThat(run.exitCode()).isZero();
            assertThat(old.isAlive()).isFalse();
            try (RawClient client = old.connect()) {
                assertThat(client.get("/").read().text()).isEqualTo("blue");
            }
        } finally {
            endOwner();
        }
    }

    /** The process that the script has left running. */
    private void endOwner() throws IOException {
        ProcessHandle.of(Long.parseLong(
                        Files.readString(settings.stateDirectory().resolve("lock"))))
                .ifPresent(ProcessHandle::destroyForcibly);
    }

    /** After a kill -9 or a reboot the number in the lock file is left, and another process may have it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_stranger_with_the_number_of_the_lock_file_is_not_taken_for_turnout(boolean hasSocket) throws Exception {
        TurnoutProcess ended = arena.start(settings);
        ended.kill9();
        Process stranger = new ProcessBuilder("sleep", "600").start();
        try {
            Path lock = settings.stateDirectory().resolve("lock");
            Files.writeString(lock, String.valueOf(stranger.pid()));
            if (!hasSocket) {
                Files.deleteIfExists(settings.stateDirectory().resolve("hand-over.sock"));
            }
            Run run = restart(ended.successorCommand());
            try {
                assertThat(run.output()).doesNotContain("process " + stranger.pid());
                assertThat(run.exitCode()).isZero();
            } finally {
                if (!Files.readString(lock).equals(String.valueOf(stranger.pid()))) {
                    endOwner();
                }
            }
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void a_new_one_that_says_much_at_once_is_ready_when_it_says_so() throws Exception {
        Path pid = folder.resolve("pid");
        String talker = "echo $$ >" + pid + "; echo 'Turnout ready in 1 s'; yes 'and more' | head -c 200000;"
                + " exec sleep 600";
        try {
            Run run = restart(List.of("sh", "-c", talker), "--start", "5");

            assertThat(run.exitCode()).as(run.output()).isZero();
            assertThat(run.output()).isEqualTo("Turnout ready in 1 s\n");
        } finally {
            ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void a_new_one_that_has_taken_over_and_does_not_say_so_is_not_ended() throws Exception {
        TurnoutProcess old = arena.start(settings);
        settings.set("turnout.log.level", "warn");
        Run run = restart(old.successorCommand(), "--start", "15");
        try {
            assertThat(run.exitCode()).as(run.output()).isZero();
            assertThat(run.output()).contains("did not say within 15 s", "has taken the place of process " + old.pid());
            try (RawClient client = old.connect()) {
                assertThat(client.get("/").read().text()).isEqualTo("blue");
            }
        } finally {
            endOwner();
        }
    }

    @Test
    void it_shows_why_the_new_one_did_not_start() throws Exception {
        TurnoutProcess old = arena.start(settings);
        settings.set("turnout.balance", "by-luck");
        Run run = restart(old.successorCommand());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output()).contains("process " + old.pid() + " goes on", "by-luck");
        assertThat(old.isAlive()).isTrue();
    }

    @Test
    void it_refuses_to_start_beside_one_that_does_not_hand_over() throws Exception {
        settings.set("turnout.listen.reuse-port", "false");
        TurnoutProcess old = arena.start(settings);
        Run run = restart(old.successorCommand());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output()).contains("turnout.listen.reuse-port=true");
        assertThat(old.isAlive()).isTrue();
    }
}
