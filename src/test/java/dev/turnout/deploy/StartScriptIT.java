package dev.turnout.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The folder that is installed, on another JVM than the one that it was trained on. */
@Tag("jars")
final class StartScriptIT {

    private static final Path ASSEMBLED = Path.of("target", "turnout").toAbsolutePath();

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"words.aot", "words.jsa"})
    void an_archive_that_this_jvm_can_not_use_does_not_keep_it_from_starting(String archive) throws Exception {
        assumeJars();
        for (String part : List.of("app", "lib", "quarkus", "turnout.jar")) {
            Files.createSymbolicLink(folder.resolve(part), ASSEMBLED.resolve(part));
        }
        Files.copy(ASSEMBLED.resolve("turnout"), folder.resolve("turnout"));
        Files.writeString(folder.resolve(archive), "made by a JVM that has been replaced since");

        assertThat(startAndRefuse()).contains("There is no command 'serve'");
    }

    private record Run(int exitCode, String output) {}

    /** Runs the script in an environment that has only these variables. */
    private Run run(Map<String, String> variables, String... words) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(ASSEMBLED.resolve("turnout").toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().putAll(variables);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return new Run(process.exitValue(), output);
    }

    private void assumeJars() {
        assumeThat(ASSEMBLED.resolve("app"))
                .as("of jars, not the native executable")
                .isDirectory();
    }

    @Test
    void a_missing_java_is_one_sentence() throws Exception {
        assumeJars();

        Run run = run(Map.of("JAVA_HOME", folder.toString()), "status");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.output())
                .startsWith("turnout: There is no Java at '" + folder)
                .contains("JAVA_HOME");
        assertThat(run.output().lines()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"11.0.22, 11", "1.8.0_392, 8"})
    void a_java_that_is_too_old_is_one_sentence(String version, String major) throws Exception {
        assumeJars();
        Files.writeString(folder.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        Path java = Files.createDirectory(folder.resolve("bin")).resolve("java");
        Files.copy(Path.of("/bin/false"), java);

        Run run = run(Map.of("JAVA_HOME", folder.toString()), "status");
        Run korean = run(Map.of("JAVA_HOME", folder.toString(), "LANG", "ko_KR.UTF-8"), "status");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.output())
                .isEqualTo("turnout: Java " + major + " at " + java + " is too old. Java 17 or newer is needed: apt-get"
                        + " install openjdk-17-jre-headless, or set JAVA_HOME.\n");
        assertThat(korean.output()).contains("Java " + major, "너무 오래되었습니다");
    }

    @Test
    void options_before_a_word_are_for_the_jvm_and_all_after_it_for_the_program() throws Exception {
        assumeJars();
        Map<String, String> java = Map.of("JAVA_HOME", System.getProperty("java.home"));

        assertThat(run(java, "--version").output()).startsWith("turnout ");
        assertThat(run(java, "-Xmx32m", "-Dturnout.admin.port=1", "status").output())
                .contains("http://127.0.0.1:1:");
        assertThat(run(java, "status", "-Dturnout.admin.port=1").output()).contains("'-Dturnout.admin.port=1'");
        assertThat(run(java, "status", "--url", "a b 한글").output()).contains("'a b 한글'");
    }

    /** The server of the training may run as root. Any user of the machine can read its command line, and call its port. */
    @Test
    void the_training_has_a_token_that_nobody_else_can_know() throws Exception {
        Path program = folder.resolve("turnout");
        Files.writeString(program, """
                #!/bin/sh
                echo "$@" >>"${0%/*}/arguments"
                echo "$TURNOUT_ADMIN_TOKEN" >>"${0%/*}/tokens"
                """);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));

        train();
        train();

        List<String> tokens = Files.readAllLines(folder.resolve("tokens"));
        assertThat(tokens).hasSize(4).allMatch(token -> token.matches("[0-9a-f]{32}"));
        assertThat(tokens.stream().distinct()).as("one for each training").hasSize(2);
        assertThat(Files.readString(folder.resolve("arguments"))).doesNotContain("token", tokens.get(0), tokens.get(2));
    }

    private void train() throws IOException, InterruptedException {
        ProcessBuilder script = new ProcessBuilder("deploy/package/train.sh", folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("training").toFile());
        script.environment().put("JAVA_HOME", System.getProperty("java.home"));
        assertThat(script.start().waitFor(1, TimeUnit.MINUTES)).isTrue();
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
