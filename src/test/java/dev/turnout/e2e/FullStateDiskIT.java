package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Admin;
import dev.turnout.support.Backend;
import dev.turnout.support.RawClient;
import dev.turnout.support.SmallDisk;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A start while the disk of the state is full, and, for jars, the one of temporary files with it. It takes the right to mount. */
final class FullStateDiskIT {

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    @TempDir
    Path folder;

    private SmallDisk disk;

    private final Backend blue = arena.application("blue");
    private final Backend green = arena.application("green");

    @BeforeEach
    void mount() throws IOException, InterruptedException {
        disk = SmallDisk.over(folder, "512k");
    }

    @AfterEach
    void unmount() {
        disk.close();
    }

    private TurnoutProcess.Settings settings() {
        TurnoutProcess.Settings settings = TurnoutProcess.with()
                .blue(blue)
                .green(green)
                .set("turnout.state.directory", folder.resolve("state").toString());
        // The jars have Netty's library beside them. An executable carries it, and unpacks it to a temporary file.
        return TurnoutProcess.isNative()
                ? settings
                : settings.set("java.io.tmpdir", folder.toString()).set("io.netty.native.workdir", folder.toString());
    }

    private void switchOnceAndStop() {
        try (TurnoutProcess first = settings().start()) {
            first.admin().switchTo("green");
            first.terminate();
            assertThat(first.awaitExit()).isZero();
        }
    }

    @Test
    void a_unit_with_a_socket_serves_from_the_recorded_state() throws IOException {
        switchOnceAndStop();
        disk.fill();

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
        disk.fill();
        Backend third = arena.application("third");

        TurnoutProcess turnout = arena.start(settings().green(green, third));

        try (RawClient client = turnout.connect()) {
            assertThat(client.get("/").read().text()).isIn("green", "third");
        }
        assertThat(turnout.log()).contains("is not the one that is recorded");
        assertThat(turnout.admin().get("/admin/status").text()).contains("is not the one that is recorded");
        Admin.Answer refused = turnout.admin().post("/admin/switch?to=blue");
        assertThat(refused.status()).isEqualTo(507);

        disk.makeRoom();
        turnout.admin().switchTo("blue");
        assertThat(turnout.admin().get("/admin/status").text()).doesNotContain("is not the one that is recorded");
        turnout.close();
    }
}
