package dev.turnout.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DeployFolderTest {

    @TempDir
    Path temp;

    @Test
    void the_option_wins_over_the_environment() {
        Map<String, String> environment = Map.of("TURNOUT_RUN", "/srv/run", "XDG_STATE_HOME", "/srv/state");

        assertThat(DeployFolder.of(Optional.of(temp), environment).root()).isEqualTo(temp);
        assertThat(DeployFolder.of(Optional.empty(), environment).root()).isEqualTo(Path.of("/srv/run"));
    }

    @Test
    void without_either_the_place_does_not_depend_on_the_working_directory() {
        Path root = DeployFolder.of(Optional.empty(), Map.of("XDG_STATE_HOME", "state"))
                .root();

        assertThat(root).isAbsolute().endsWithRaw(Path.of("turnout", "deploy"));
        assertThat(root.startsWith(Path.of("").toAbsolutePath())).isFalse();
    }

    @Test
    void the_folder_is_made_for_this_user_only() throws IOException {
        DeployFolder folder = new DeployFolder(temp.resolve("a/b"));

        folder.open();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(temp.resolve("a/b"))))
                .isEqualTo("rwx------");
    }

    @Test
    void the_name_of_a_service_can_not_lead_out_of_the_folder() {
        DeployFolder folder = new DeployFolder(temp);

        assertThat(folder.releases("../../etc").normalize()).startsWithRaw(temp);
        assertThat(folder.progress("a/b").getParent()).isEqualTo(temp);
    }
}
