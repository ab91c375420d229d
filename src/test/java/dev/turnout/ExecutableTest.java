package dev.turnout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class ExecutableTest {

    private static final Path OPTIONS =
            Path.of("src/main/native/META-INF/native-image/dev.turnout/turnout/native-image.properties");

    @Test
    void netty_is_told_the_bound_of_buffers_that_the_executable_has() throws IOException {
        assertThat(Files.readString(OPTIONS)).contains("-R:MaxDirectMemorySize=" + Turnout.BUFFERS_OF_EXECUTABLE);
    }
}
