package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

@DisplayName("An executable")
@EnabledIfEnvironmentVariable(named = "TURNOUT_BINARY", matches = ".+")
final class BuildMachineIT {

    /** The folder in which the builder runs ends in it. */
    private static final String FOLDER = "-native-image-source-jar";

    @Test
    void says_nothing_of_the_machine_that_built_it() throws IOException {
        byte[] file = Files.readAllBytes(Path.of(System.getenv("TURNOUT_BINARY")));

        assertThat(new String(file, StandardCharsets.ISO_8859_1).indexOf(FOLDER))
                .as("where the folder of the builder stands in the file")
                .isEqualTo(-1);
    }
}
