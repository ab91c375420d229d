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

        assertThat(here.isForeign()).isTrue();
        assertThat(here.leftOut()).contains(folder);
    }

    @Test
    @DisplayName("counts beside the program, and in the state folder of a container")
    void of_turnout() {
        assertThat(WorkingFolder.of(folder, Optional.of(folder), Map.of()).isForeign())
                .isFalse();
        assertThat(WorkingFolder.of(folder, Optional.empty(), Map.of("TURNOUT_STATE_DIRECTORY", folder.toString()))
                        .isForeign())
                .isFalse();
    }
}
