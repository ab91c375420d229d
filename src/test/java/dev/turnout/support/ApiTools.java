package dev.turnout.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * Validators and generators for the OpenAPI document, which {@code .ci/run} installs. A test that misses a tool is skipped,
 * and says which; with {@code TURNOUT_REQUIRE_ALL=1} in the environment it fails.
 */
public final class ApiTools {

    /** Where the tools are. */
    public static final Path FOLDER = Path.of("target/api-tools").toAbsolutePath();

    private static final String GENERATOR = "openapi-generator-cli";

    private ApiTools() {}

    /** Returns the command that runs a file of a package from npm. */
    public static List<String> npm(String npmPackage, String file, String... arguments) {
        Path script = FOLDER.resolve("node_modules").resolve(npmPackage).resolve(file);
        require(Files.exists(script), "npm's " + npmPackage);
        List<String> command = new ArrayList<>(List.of("node", script.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Returns the jar of the generator of Java clients. */
    public static Path generator() throws IOException {
        try (Stream<Path> files = Files.exists(FOLDER) ? Files.list(FOLDER) : Stream.of()) {
            List<Path> jars = files.filter(file -> file.getFileName().toString().startsWith(GENERATOR))
                    .toList();
            require(!jars.isEmpty(), "Maven's org.openapitools:" + GENERATOR);
            return jars.get(0);
        }
    }

    private static void require(boolean isInstalled, String name) {
        if (!isInstalled && "1".equals(System.getenv("TURNOUT_REQUIRE_ALL"))) {
            throw new AssertionError("not installed: " + name);
        }
        Assumptions.assumeTrue(isInstalled, "not installed: " + name);
    }

    /** Runs a command to its end, and returns what it has printed. Fails unless its exit code is 0. */
    public static String run(Path folder, List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("turnout-tool", ".txt");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            boolean hasEnded = process.waitFor(120, TimeUnit.SECONDS);
            String said = Files.readString(output);
            assertThat(hasEnded).as("the end of %s: %s", command, said).isTrue();
            assertThat(process.exitValue())
                    .as("the exit code of %s: %s", command, said)
                    .isZero();
            return said;
        } finally {
            process.destroyForcibly();
            Files.delete(output);
        }
    }
}
