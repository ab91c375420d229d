package dev.turnout.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The folder that is installed, on another JVM than the one that it was trained on. */
final class StartScriptIT {

    private static final Path ASSEMBLED = Path.of("target", "turnout").toAbsolutePath();

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"words.aot", "words.jsa"})
    void an_archive_that_this_jvm_can_not_use_does_not_keep_it_from_starting(String archive) throws Exception {
        assumeThat(ASSEMBLED.resolve("app"))
                .as("of jars, not the native executable")
                .isDirectory();
        for (String part : List.of("app", "lib", "quarkus", "turnout.jar")) {
            Files.createSymbolicLink(folder.resolve(part), ASSEMBLED.resolve(part));
        }
        Files.copy(ASSEMBLED.resolve("turnout"), folder.resolve("turnout"));
        Files.writeString(folder.resolve(archive), "made by a JVM that has been replaced since");

        assertThat(startAndRefuse()).contains("There is no command 'serve'");
    }

    /** A word that the program does not know: it has to get so far as to say so. */
    private String startAndRefuse() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(folder.resolve("turnout").toString(), "serve")
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(output).isEqualTo(2);
        return output;
    }
}
