package dev.turnout.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DeployFolderTest {

    private static final int NOBODY = 65_534;

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

        boolean isRoot = DeployFolder.user() == 0;
        assertThat(root).isAbsolute().endsWithRaw(isRoot ? Path.of("turnout-deploy") : Path.of("turnout", "deploy"));
        assertThat(root.startsWith(Path.of("").toAbsolutePath())).isFalse();
    }

    @Test
    void the_folder_is_made_for_this_user_only() throws IOException {
        DeployFolder folder = new DeployFolder(temp.resolve("a/b"));

        folder.open();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(temp.resolve("a/b"))))
                .isEqualTo("rwx------");
    }

    /** Returns the folder of a release, with all that it has. Root's. */
    private static DeployFolder filled(Path place) throws IOException {
        DeployFolder folder = new DeployFolder(place);
        folder.open();
        Path release = Files.createDirectories(folder.releases("shop").resolve("1"));
        Files.writeString(release.resolve("release.properties"), "exec=app {port}\n");
        Files.writeString(folder.instance(8080), "pid=1\n");
        return folder;
    }

    private static void assumeRoot() {
        assumeThat(DeployFolder.user()).as("root").isZero();
    }

    @Test
    void root_refuses_a_link_whatever_folder_it_leads_to() throws IOException {
        assumeRoot();
        Path sticky = Files.createDirectory(temp.resolve("sticky"));
        Files.setAttribute(sticky, "unix:mode", 01777);
        DeployFolder folder = new DeployFolder(Files.createSymbolicLink(temp.resolve("deploy"), sticky));

        assertThatThrownBy(folder::open).isInstanceOf(IOException.class).hasMessageContaining("is a link");
        assertThatThrownBy(new DeployFolder(sticky)::open).hasMessageContaining("other users may write");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "releases/shop", "releases/shop/1/release.properties", "8080.instance"})
    void root_refuses_what_another_user_has_put_there(String path) throws IOException {
        assumeRoot();
        DeployFolder folder = filled(temp.resolve("deploy"));
        folder.open();
        Files.setAttribute(folder.root().resolve(path), "unix:uid", NOBODY);

        assertThatThrownBy(folder::open).hasMessageContaining("belongs to another user");
    }

    @Test
    void root_does_not_mind_the_log_of_an_application_that_runs_as_another_user() throws IOException {
        assumeRoot();
        DeployFolder folder = filled(temp.resolve("deploy"));
        Files.setAttribute(Files.createFile(folder.log(8080)), "unix:uid", NOBODY);

        assertThatCode(folder::open).doesNotThrowAnyException();
    }

    @Test
    void the_folder_of_root_is_not_in_a_folder_of_another_user() {
        assumeRoot();

        assertThat(DeployFolder.of(Optional.empty(), Map.of()).root()).isEqualTo(Path.of("/var/lib/turnout-deploy"));
    }

    @Test
    void the_folder_of_an_earlier_turnout_is_moved_once_and_a_link_stays() throws IOException {
        assumeRoot();
        Path before = filled(temp.resolve("before")).root();
        DeployFolder folder = new DeployFolder(temp.resolve("now"));

        folder.moveIn(before);
        folder.moveIn(before);

        assertThat(folder.instance(8080)).exists();
        assertThat(Files.readSymbolicLink(before)).isEqualTo(folder.root());
    }

    @Test
    void the_folder_of_an_earlier_turnout_is_not_moved_if_another_user_has_made_it() throws IOException {
        assumeRoot();
        Path before = filled(temp.resolve("before")).root();
        Files.setAttribute(before, "unix:uid", NOBODY);
        DeployFolder folder = new DeployFolder(temp.resolve("now"));

        assertThatThrownBy(() -> folder.moveIn(before)).hasMessageContaining("belongs to another user");
        assertThat(folder.root()).doesNotExist();
    }

    @Test
    void the_name_of_a_service_can_not_lead_out_of_the_folder() {
        DeployFolder folder = new DeployFolder(temp);

        assertThat(folder.releases("../../etc").normalize()).startsWithRaw(temp);
        assertThat(folder.progress("a/b").getParent()).isEqualTo(temp);
    }
}
