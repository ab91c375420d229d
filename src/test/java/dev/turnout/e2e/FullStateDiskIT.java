package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.support.Admin;
import dev.turnout.support.Backend;
import dev.turnout.support.RawClient;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A start while the disk of the state is full, and the one of temporary files with it. It takes the right to mount. */
final class FullStateDiskIT {

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    @TempDir
    Path disk;

    private final Backend blue = arena.application("blue");
    private final Backend green = arena.application("green");

    @BeforeEach
    void mount() throws IOException, InterruptedException {
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", disk.toString()), "may not mount here");
    }

    @AfterEach
    void unmount() throws IOException, InterruptedException {
        run("umount", "--lazy", disk.toString());
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Leaves not one byte. */
    private void fill() {
        try (var out = Files.newOutputStream(disk.resolve("ballast"))) {
            while (true) {
                out.write(new byte[512]);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    private TurnoutProcess.Settings settings() {
        return TurnoutProcess.with()
                .blue(blue)
                .green(green)
                .set("turnout.state.directory", disk.resolve("state").toString())
                .set("java.io.tmpdir", disk.toString())
                .set("io.netty.native.workdir", disk.toString());
    }

    private void switchOnceAndStop() {
        try (TurnoutProcess first = settings().start()) {
            first.admin().switchTo("green");
            first.terminate();
            assertThat(first.awaitExit()).isZero();
        }
    }

    @Test
    void a_unit_with_a_socket_serves_from_the_recorded_state() {
        switchOnceAndStop();
        fill();

        try (ServiceUnit unit = ServiceUnit.start(settings())) {
            assertThat(unit.awaitReady(1).active()).as(unit.log()).isEqualTo("green");
            assertThat(unit.awaitReady(1).revision()).isEqualTo(2);
        }
    }

    /** Another target makes a new revision, which can't be saved. */
    @Test
    void a_start_that_cannot_save_its_state_serves_and_says_so_and_takes_changes_once_there_is_room()
            throws IOException {
        switchOnceAndStop();
        fill();
        Backend third = arena.application("third");

        TurnoutProcess turnout = arena.start(settings().green(green, third));

        try (RawClient client = turnout.connect()) {
            assertThat(client.get("/").read().text()).isIn("green", "third");
        }
        assertThat(turnout.log()).contains("is not the one that is recorded");
        assertThat(turnout.admin().get("/admin/status").text()).contains("is not the one that is recorded");
        Admin.Answer refused = turnout.admin().post("/admin/switch?to=blue");
        assertThat(refused.status()).isEqualTo(507);

        Files.delete(disk.resolve("ballast"));
        turnout.admin().switchTo("blue");
        assertThat(turnout.admin().get("/admin/status").text()).doesNotContain("is not the one that is recorded");
        turnout.close();
    }
}
