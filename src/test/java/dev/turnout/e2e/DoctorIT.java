package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.HttpProcess;
import dev.turnout.support.Ports;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code turnout doctor}, as an operator types it. */
final class DoctorIT {

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    @TempDir
    private Path folder;

    private TurnoutProcess.Settings settings;

    /** What a command printed, and how it ended. */
    private record Run(int exit, String output) {

        JsonObject json() {
            return new JsonObject(output);
        }

        Stream<JsonObject> of(String check) {
            return json().getJsonArray("findings").stream()
                    .map(JsonObject.class::cast)
                    .filter(finding -> finding.getString("check").equals(check));
        }
    }

    @BeforeEach
    void configure() {
        settings = TurnoutProcess.with()
                .blue(arena.application("blue"))
                .green(arena.application("green"))
                .set("turnout.upstream.idle", "500ms");
    }

    private Run doctor(String language, String... options) throws IOException {
        List<String> command = new ArrayList<>(settings.command());
        command.add("doctor");
        command.addAll(List.of(options));
        Path output = Files.createTempFile(folder, "doctor", "");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .directory(folder.toFile());
        builder.environment().put("LC_ALL", language);
        Process process = builder.start();
        int exit = process.onExit().join().exitValue();
        return new Run(exit, Files.readString(output, StandardCharsets.UTF_8));
    }

    @Test
    void it_works_before_turnout_is_started_and_names_who_holds_the_port() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            settings.set("turnout.listen.port", String.valueOf(taken.getLocalPort()));

            Run run = doctor("C", "--json");

            assertThat(run.exit()).as(run.output()).isEqualTo(1);
            assertThat(run.of("port-owner")
                            .filter(finding -> finding.getString("severity").equals("error")))
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.getString("seen"))
                            .contains("process " + ProcessHandle.current().pid()));
        }
    }

    @Test
    void a_configuration_that_does_not_start_is_an_error_and_the_machine_is_still_examined() throws IOException {
        settings.set("turnout.listen.prot", "80").set("turnout.health.interval", "soon");

        Run run = doctor("C", "--json");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.of("configuration")
                        .filter(finding -> finding.getString("severity").equals("error")))
                .hasSize(2);
        assertThat(run.of("clock")).hasSize(1);
    }

    @Test
    void beside_a_turnout_that_runs_its_ports_and_its_folder_are_known_as_its_own() throws IOException {
        try (HttpProcess one = HttpProcess.start();
                HttpProcess two = HttpProcess.start()) {
            settings.set("turnout.blue", one.address()).set("turnout.green", two.address());
            TurnoutProcess turnout = arena.start(settings);

            Run run = doctor("C", "--json");

            assertThat(run.of("port-owner")).hasSize(2).allSatisfy(finding -> assertThat(finding.getString("seen"))
                    .contains("is Turnout's: process " + turnout.pid()));
            assertThat(run.of("state-folder")).singleElement().satisfies(finding -> assertThat(
                            finding.getString("seen"))
                    .contains("used by process " + turnout.pid()));
            assertThat(run.of("keep-alive")).hasSize(2).allSatisfy(finding -> assertThat(finding.getString("severity"))
                    .isIn("good", "advice"));
            assertThat(run.of("file-limit")).hasSize(1);
            assertThat(run.of("same-build")).isNotEmpty();
        }
    }

    @Test
    void one_process_behind_both_slots_is_an_error() throws IOException {
        Run run = doctor("C", "-q");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.output())
                .contains("are one process, " + ProcessHandle.current().pid());
    }

    @Test
    void without_an_error_it_ends_well_and_quiet_says_nothing() throws IOException {
        settings.set("turnout.blue", "127.0.0.1:" + Ports.next()).set("turnout.green", "127.0.0.1:" + Ports.next());

        Run run = doctor("C", "-q");

        assertThat(run.output()).isEmpty();
        assertThat(run.exit()).isZero();
    }

    @Test
    void every_line_is_korean_in_a_korean_locale() throws IOException {
        settings.set("turnout.blue", "127.0.0.1:" + Ports.next()).set("turnout.green", "127.0.0.1:" + Ports.next());

        Run run = doctor("ko_KR.UTF-8");

        // The messages about keys are English only.
        assertThat(run.output().lines().filter(line -> !line.contains("turnout.limits.")))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).containsPattern("[가-힣]"));
    }
}
