package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.TurnoutProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The configuration as the packaged program takes it. */
final class ConfigurationIT {

    private final TurnoutProcess.Settings settings = TurnoutProcess.with();
    private final Path workingDirectory = settings.stateDirectory().getParent();

    private void write(String file, String line) throws IOException {
        Path path = workingDirectory.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, line + "\n");
    }

    @Test
    void a_bad_configuration_ends_the_start_with_all_errors_and_no_stack_trace() {
        settings.set("turnout.gren", "127.0.0.1:1")
                .set("turnout.drain.timeout", "soon")
                .set("turnout.admin.host", "0.0.0.0");

        try (TurnoutProcess turnout = settings.launch()) {
            assertThat(turnout.awaitExit()).isEqualTo(1);

            assertThat(turnout.log())
                    .contains(
                            "Turnout does not start: 3 errors in the configuration.",
                            "did you mean turnout.green?",
                            "turnout.drain.timeout=soon (system property): allowed is a time",
                            "turnout.admin.host=0.0.0.0 (system property): ")
                    .doesNotContain("Exception", "\tat ");
        }
    }

    @Test
    void a_start_with_every_variable_empty_is_a_start_without_variables() throws IOException {
        Keys.AT_TOP.forEach(key -> settings.environment(key.variable(), ""));
        Files.readAllLines(Path.of("deploy/compose.yaml")).stream()
                .map(Pattern.compile(" +(TURNOUT_[A-Z_]+): \\$\\{TURNOUT_[A-Z_]+:-}")::matcher)
                .filter(Matcher::matches)
                .forEach(line -> settings.environment(line.group(1), ""));

        try (TurnoutProcess turnout = settings.start()) {
            assertThat(turnout.isAlive()).isTrue();
            assertThat(turnout.log()).doesNotContain("errors in the configuration", "TURNOUT_ACME");
        }
    }

    @Test
    void a_file_in_the_working_directory_counts() throws IOException {
        write("application.properties", "turnout.health.rise=0");

        try (TurnoutProcess turnout = settings.launch()) {
            assertThat(turnout.awaitExit()).isEqualTo(1);

            assertThat(turnout.log())
                    .contains("turnout.health.rise=0 (" + workingDirectory.resolve("application.properties") + ")");
        }
    }

    @Test
    void the_file_in_config_wins_over_the_one_beside_it() throws IOException {
        write("application.properties", "turnout.health.rise=0");
        write("config/application.properties", "turnout.health.rise=1");

        try (TurnoutProcess turnout = settings.start()) {
            assertThat(turnout.isAlive()).isTrue();
        }
    }

    @Test
    void every_error_in_a_file_that_the_environment_names_is_told() throws IOException {
        write("further.properties", "turnout.gren=x\nturnout.health.fall=0");
        settings.environment(
                "QUARKUS_CONFIG_LOCATIONS",
                workingDirectory.resolve("further.properties").toString());

        try (TurnoutProcess turnout = settings.launch()) {
            assertThat(turnout.awaitExit()).isEqualTo(1);

            assertThat(turnout.log())
                    .contains("2 errors in the configuration", "turnout.green?", "turnout.health.fall=0 (")
                    .doesNotContain("Exception");
        }
    }
}
