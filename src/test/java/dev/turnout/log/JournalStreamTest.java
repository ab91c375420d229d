package dev.turnout.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalStreamTest {

    @TempDir
    private Path folder;

    private Path output;

    @BeforeEach
    void make() throws IOException {
        output = Files.createFile(folder.resolve("output"));
    }

    private static Map<String, String> naming(Path file) throws IOException {
        Map<String, Object> found = Files.readAttributes(file, "unix:dev,ino");
        return Map.of("JOURNAL_STREAM", found.get("dev") + ":" + found.get("ino"));
    }

    @Test
    void an_output_that_the_environment_names_is_the_journal() throws IOException {
        assertThat(JournalStream.is(output, naming(output))).isTrue();
        assertThat(JournalStream.is(Files.createSymbolicLink(folder.resolve("link"), output), naming(output)))
                .isTrue();
    }

    @Test
    void an_output_that_was_sent_elsewhere_is_not() throws IOException {
        Path other = Files.createFile(folder.resolve("other"));

        assertThat(JournalStream.is(other, naming(output))).isFalse();
        assertThat(JournalStream.is(output, Map.of())).isFalse();
        assertThat(JournalStream.is(output, Map.of("JOURNAL_STREAM", "nonsense")))
                .isFalse();
        assertThat(JournalStream.is(folder.resolve("missing"), naming(output))).isFalse();
    }
}
