package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Backend;
import dev.turnout.support.Ports;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("turnout check and turnout reload, as they are typed")
final class ReloadWordsIT {

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final TurnoutProcess.Settings settings = TurnoutProcess.with().inFile();
    private final Backend blue = arena.application("blue");
    private final Backend green = arena.application("green");

    private record Run(int exit, String output) {}

    private Run run(Map<String, String> environment, String... words) throws IOException, InterruptedException {
        String binary = System.getenv().getOrDefault("TURNOUT_BINARY", "target/turnout/turnout");
        List<String> command =
                new ArrayList<>(List.of(Path.of(binary).toAbsolutePath().toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.directory(settings.file().getParent().toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("LANG", "C.UTF-8");
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), output);
    }

    @Test
    void check_of_a_sound_file_ends_with_0_and_needs_no_running_turnout() throws Exception {
        settings.blue(blue).green(green).write();

        Run run = run(Map.of(), "check");

        assertThat(run.output()).contains("The configuration has no errors.");
        assertThat(run.exit()).isZero();
    }

    @Test
    void check_looks_at_the_files_of_certificates_as_the_start_does() throws Exception {
        Path missing = settings.file().resolveSibling("missing.pem");
        settings.set("turnout.tls.port", "0")
                .set("turnout.tls.certificates.\"shop\".cert", missing.toString())
                .write();

        Run run = run(Map.of(), "check");

        assertThat(run.output()).contains("The configuration has one error.", "missing.pem", "Repair the file");
        assertThat(run.exit()).isEqualTo(1);
    }

    @Test
    void check_looks_at_the_files_of_tls_to_targets_as_the_start_does() throws Exception {
        Path missing = settings.file().resolveSibling("missing.pem");
        settings.blue(blue)
                .green(green)
                .set("turnout.upstream.tls", "true")
                .set("turnout.upstream.tls-ca", missing.toString())
                .write();

        Run run = run(Map.of(), "check");

        assertThat(run.output())
                .contains("The configuration has one error.", "turnout.upstream.tls-ca=" + missing, "Repair the file");
        assertThat(run.exit()).isEqualTo(1);
    }

    @Test
    void check_prints_every_error_and_ends_with_1() throws Exception {
        settings.set("turnout.gren", "x").set("turnout.health.rise", "0").write();

        Run run = run(Map.of(), "-Dturnout.drain.timeout=soon", "check");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.output())
                .contains(
                        "The configuration has 3 errors.",
                        "did you mean turnout.green?",
                        "turnout.health.rise=0 (" + settings.file() + ")",
                        "turnout.drain.timeout=soon (system property)")
                .doesNotContain("Exception");
    }

    @Test
    void check_reads_what_the_service_reads_by_its_environment() throws Exception {
        settings.write();
        Path further = settings.file().resolveSibling("further.properties");
        Files.writeString(further, "turnout.client.idle=never\n");

        Run run = run(
                Map.of(
                        "QUARKUS_CONFIG_LOCATIONS", further.toString(),
                        "TURNOUT_CLIENT_HEAD", "maybe",
                        "LANG", "ko_KR.UTF-8",
                        "LC_ALL", ""),
                "check");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.output())
                .contains(
                        "설정에 오류가 2개 있습니다.",
                        "turnout.client.idle=never (" + further + ")",
                        "turnout.client.head=maybe (환경 변수 TURNOUT_CLIENT_HEAD)");
    }

    @Test
    void reload_says_what_has_changed_and_what_waits_for_a_restart() throws Exception {
        TurnoutProcess turnout = arena.start(settings.blue(blue).green(green));
        settings.set("turnout.client.head", "3s")
                .set("turnout.admin.idle", "40s")
                .write();

        Run run = run(Map.of("USER", "minji"), "reload", "--note", "shorter heads");

        assertThat(run.output())
                .contains(
                        "The new configuration is in force.",
                        "turnout.client.head: 10s -> 3s",
                        "wait for a restart (systemctl restart turnout): turnout.admin.idle");
        assertThat(run.exit()).isZero();
        assertThat(turnout.admin().get("/admin/history").expect(200).text()).contains("minji", "shorter heads");
        assertThat(run(Map.of(), "reload", "-q").output()).isEmpty();
    }

    @Test
    void reload_of_a_broken_file_prints_every_error_and_ends_with_1() throws Exception {
        arena.start(settings.blue(blue).green(green));
        settings.set("turnout.client.head", "soon")
                .set("turnout.show-slot", "perhaps")
                .write();

        // The word itself reads the address only.
        Run run = run(Map.of(), "reload");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.output())
                .contains("The configuration has 2 errors.", "turnout.client.head=soon", "turnout.show-slot=perhaps");
    }

    @Test
    void reload_without_a_running_turnout_ends_with_3() throws Exception {
        settings.write();

        assertThat(run(Map.of(), "reload").exit()).isEqualTo(3);
    }

    @Test
    void a_reload_reads_the_file_that_the_environment_names() throws Exception {
        Path further = settings.file().resolveSibling("further.properties");
        Files.writeString(further, "turnout.client.idle=70s\n");
        settings.environment("QUARKUS_CONFIG_LOCATIONS", further.toString());
        TurnoutProcess turnout = arena.start(settings.blue(blue).green(green));
        Files.writeString(further, "turnout.client.idle=60s\n");

        assertThat(turnout.admin().post("/admin/reload").expect(200).text())
                .contains("turnout.client.idle", "70s", "60s", "applied");
    }

    /** Where the file of the admin port is named, and whether a variable gives the port too. */
    private enum Given {
        FILE_OF_VARIABLE,
        FILE_OF_VARIABLE_AND_VARIABLE,
        FILE_OF_PROPERTY_AND_VARIABLE
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "Variables win over a named file, and a named file over the working directory's, for server and commands")
    void the_server_and_the_commands_agree_which_place_wins(Given given) throws Exception {
        int named = Ports.next();
        int variable = Ports.next();
        Path further = settings.file().resolveSibling("further.properties");
        Files.writeString(further, "turnout.admin.port=" + named + "\n");
        Map<String, String> environment = new HashMap<>();
        List<String> words = new ArrayList<>();
        if (given == Given.FILE_OF_PROPERTY_AND_VARIABLE) {
            words.add("-Dquarkus.config.locations=" + further);
            settings.jvm(words.get(0));
        } else {
            environment.put("QUARKUS_CONFIG_LOCATIONS", further.toString());
        }
        if (given != Given.FILE_OF_VARIABLE) {
            environment.put("TURNOUT_ADMIN_PORT", String.valueOf(variable));
        }
        environment.forEach(settings::environment);
        words.add("status");

        TurnoutProcess turnout = arena.start(settings.blue(blue).green(green));
        Run status = run(environment, words.toArray(String[]::new));

        assertThat(turnout.adminAddress()).hasPort(given == Given.FILE_OF_VARIABLE ? named : variable);
        assertThat(status.output()).contains("blue");
        assertThat(status.exit()).isZero();
    }
}
