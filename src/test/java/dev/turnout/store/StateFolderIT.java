package dev.turnout.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.support.Guards;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.TurnoutProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The state folder as the packaged program takes it. */
final class StateFolderIT {

    private static final int NOBODY = 65534;

    private final TurnoutProcess.Settings settings = TurnoutProcess.with();

    @Test
    @Guards("F9")
    void a_state_file_that_is_not_understood_refuses_the_start_and_stays_as_it_is() throws IOException {
        Path state = Files.createDirectories(settings.stateDirectory()).resolve("state.json");
        Files.writeString(state, "{\"version\": 1, \"serv");

        try (TurnoutProcess turnout = settings.launch()) {
            assertThat(turnout.awaitExit()).isNotZero();

            assertThat(turnout.log())
                    .contains(state.toString(), "move it away to start afresh")
                    .doesNotContain("\tat ");
        }
        assertThat(state).hasContent("{\"version\": 1, \"serv");
    }

    @Test
    @RequiresProgram(value = "setpriv", debianPackage = "util-linux")
    void a_user_who_is_not_root_opens_its_own_files_to_nobody_else() throws IOException {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can be somebody else");
        Path folder = Files.createDirectories(settings.stateDirectory());
        Path journal = Files.writeString(folder.resolve("journal.jsonl"), "");
        for (Path path : List.of(folder, journal)) {
            Files.setAttribute(path, "unix:uid", NOBODY);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxr-x"));
        }
        Files.setPosixFilePermissions(folder.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));

        try (TurnoutProcess turnout = settings.user(NOBODY).start()) {
            turnout.awaitReady();

            assertThat(Files.getPosixFilePermissions(journal)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThat(Files.getPosixFilePermissions(folder)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void two_processes_never_share_a_state_folder() {
        try (TurnoutProcess first = settings.start();
                TurnoutProcess second = settings.launch()) {
            assertThat(second.awaitExit()).isNotZero();

            assertThat(second.log()).contains("in use by another Turnout").doesNotContain("\tat ");
            assertThat(first.isAlive()).isTrue();
        }
    }
}
