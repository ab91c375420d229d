package dev.turnout.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.support.Guards;
import dev.turnout.support.Rounds;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store of a process that is killed at random moments, again and again, in one folder. */
final class KilledWhileSavingTest {

    private static final int KILLS = Rounds.of(15, 50);
    private static final long SEED = 20260102;

    @TempDir
    Path folder;

    @Test
    @Guards("F9")
    void after_a_kill_the_state_is_the_last_acknowledged_one_or_the_one_that_was_being_saved()
            throws IOException, InterruptedException {
        Random random = new Random(SEED);
        long before = 1;
        for (int kill = 0; kill < KILLS; kill++) {
            long acknowledged = runAndKill(1 + random.nextInt(200));
            try (StateStore store = new StateStore(folder).open()) {
                RoutingState state = store.load().orElseThrow();
                Service service = state.services().get(Service.DEFAULT);

                assertThat(service.revision())
                        .as("revision after kill %d, with %d acknowledged", kill, acknowledged)
                        .isGreaterThan(before)
                        .isBetween(acknowledged, acknowledged + 1);
                assertThat(service.active()).isEqualTo(service.revision() % 2 == 1 ? Slot.BLUE : Slot.GREEN);
                before = service.revision();
            }
            assertThat(folder.resolve("state.json.new")).doesNotExist();
        }
    }

    /** @return the last revision that was acknowledged; what was still in the pipe at the kill counts */
    private long runAndKill(int saves) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SavingLoop.class.getName(),
                        folder.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said = process.inputReader(StandardCharsets.US_ASCII)) {
            long last = 0;
            for (int i = 0; i < saves; i++) {
                last = Long.parseLong(said.readLine());
            }
            // By its handle: the process itself would close the pipe with what is still in it.
            process.toHandle().destroyForcibly();
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                last = Long.parseLong(line);
            }
            return last;
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
