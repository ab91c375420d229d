package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A file of the working directory that everybody may write to")
final class WorkingFolderTest {

    @TempDir
    private Path folder;

    @BeforeEach
    void write() throws IOException {
        Path file = folder.resolve("application.properties");
        Files.writeString(file, "turnout.admin.port=9001\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    }

    @Test
    @DisplayName("is somebody else's")
    void foreign() {
        WorkingFolder here = WorkingFolder.of(folder, Optional.empty(), Map.of());

        assertThat(here.isShared()).isTrue();
        assertThat(here.counting()).isEmpty();
        assertThat(here.leftOut()).contains(folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "config"})
    @DisplayName("does not count if it comes after a command has looked")
    void a_file_that_comes_later(String open) throws IOException {
        Files.delete(folder.resolve("application.properties"));
        Files.createDirectories(folder.resolve(open));
        WorkingFolder here = WorkingFolder.of(folder, Optional.empty(), Map.of());
        assertThat(here.isShared()).isFalse();

        Files.setAttribute(folder.resolve(open), "unix:mode", 01777);

        assertThat(here.isShared()).isTrue();
        assertThat(here.counting()).isEmpty();
        assertThat(here.counts(Path.of("admin.pem"))).isFalse();
        assertThat(here.leftOut()).isEmpty();
    }

    @Test
    @DisplayName("counts in a folder that all use like /tmp if only this user may write to it")
    void own_file_in_a_shared_folder() throws IOException {
        Path file = folder.resolve("application.properties");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Files.setAttribute(folder, "unix:mode", 01777);
        WorkingFolder here = WorkingFolder.of(folder, Optional.empty(), Map.of());

        assertThat(here.isShared()).isTrue();
        assertThat(here.counting()).containsExactly(file);
        assertThat(here.leftOut()).isEmpty();
    }

    @Test
    @DisplayName("counts beside the program, and in the state folder of a container")
    void of_turnout() {
        assertThat(WorkingFolder.of(folder, Optional.of(folder), Map.of()).isShared())
                .isFalse();
        assertThat(WorkingFolder.of(folder, Optional.empty(), Map.of("TURNOUT_STATE_DIRECTORY", folder.toString()))
                        .isShared())
                .isFalse();
    }
}
