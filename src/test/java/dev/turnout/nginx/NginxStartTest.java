package dev.turnout.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.config.NginxConfig.Style;
import dev.turnout.routing.Pool;
import dev.turnout.routing.PublishFailed;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.SlotReleases;
import dev.turnout.routing.Warning;
import dev.turnout.support.Await;
import dev.turnout.support.RequiresProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Turnout makes at its start of what it finds: a state, an include file, and an nginx that has read it or not. */
@RequiresProgram(value = "nginx", debianPackage = "nginx")
final class NginxStartTest {

    @TempDir
    private Path folder;

    @Test
    void at_the_first_start_the_include_decides_and_nginx_is_left_alone() throws IOException {
        try (Fixture fixture = fixture()) {
            WorkerGeneration before = fixture.nginx.generation();
            fixture.adopt();
            fixture.publish(fixture.service());
            assertThat(fixture.service().active()).isEqualTo(Slot.BLUE);
            assertThat(fixture.warnings).isEmpty();
            assertThat(fixture.nginx.generation()).isEqualTo(before);
        }
    }

    @Test
    void a_publication_that_a_crash_left_between_write_and_reload_is_finished() throws IOException {
        try (Fixture fixture = fixture()) {
            pointAtGreen(fixture);
            assertThat(fixture.answer()).isEqualTo("blue");

            fixture.adopt(Optional.of(recordedGreen(fixture)));
            fixture.publish(fixture.service());
            assertThat(fixture.service().active()).isEqualTo(Slot.GREEN);
            assertThat(fixture.answer()).isEqualTo("green");
            assertThat(fixture.plane().drift()).isEmpty();
        }
    }

    @Test
    void a_publication_that_never_reached_the_file_is_taken_back_and_said() throws IOException {
        try (Fixture fixture = fixture()) {
            fixture.adopt(Optional.of(recordedGreen(fixture)));
            fixture.publish(fixture.service());
            assertThat(fixture.service().active()).isEqualTo(Slot.BLUE);
            assertThat(fixture.answer()).isEqualTo("blue");
            assertThat(fixture.warnings).singleElement().asString().contains("what was recorded is", "slot green");
            assertThat(Warning.english(fixture.plane().warnings("default"))).isEqualTo(fixture.warnings);
        }
    }

    @Test
    void what_cannot_be_finished_refuses_the_start_with_nginxs_own_words() throws IOException {
        try (Fixture fixture = fixture()) {
            pointAtGreen(fixture);
            Files.writeString(fixture.nginx.neighbour(), "nonsense on;\n");
            fixture.adopt(Optional.of(recordedGreen(fixture)));
            assertThatThrownBy(() -> fixture.publish(fixture.service()))
                    .isInstanceOf(PublishFailed.class)
                    .hasMessageStartingWith("test failed: ")
                    .hasMessageContaining("unknown directive \"nonsense\"")
                    .hasMessageContaining("already sends the traffic to " + fixture.green.address());
            assertThat(fixture.answer()).isEqualTo("blue");
        }
    }

    @Test
    void a_file_changed_by_hand_that_nginx_has_not_read_is_doubted_and_not_loaded_unasked() throws IOException {
        try (Fixture fixture = fixture()) {
            pointAtGreen(fixture);
            fixture.adopt();
            fixture.publish(fixture.service());
            assertThat(fixture.warnings).singleElement().asString().contains("nginx answers from");
            assertThat(fixture.plane().drift()).get().asString().contains("may not have loaded it");
            assertThat(fixture.answer()).as("nobody has asked for green").isEqualTo("blue");

            fixture.overwriteNext();
            fixture.publish(fixture.service());
            assertThat(fixture.answer()).isEqualTo("green");
            assertThat(fixture.plane().drift()).isEmpty();
        }
    }

    @Test
    void without_a_probe_the_age_of_the_workers_raises_the_doubt() throws IOException {
        try (Fixture fixture = fixture().set("probe", "")) {
            pointAtGreen(fixture);
            Files.setLastModifiedTime(
                    fixture.nginx.include(), FileTime.from(Instant.now().plusSeconds(10)));
            fixture.adopt();
            assertThat(fixture.plane().drift()).get().asString().contains("workers are older than this file");
        }
    }

    @Test
    void an_nginx_that_has_surely_read_the_file_is_not_reloaded() throws IOException {
        try (Fixture fixture = fixture()) {
            fixture.nginx.kill9();
            // The tolerance, and the second by which the kernel's boot time may be rounded down.
            Instant sure = Instant.now().plusMillis(3500);
            Await.until("three seconds have passed", () -> Instant.now().isAfter(sure));
            fixture.nginx.start();
            WorkerGeneration before = fixture.nginx.generation();

            fixture.adopt(Optional.of(recorded(fixture, Slot.BLUE)));
            fixture.publish(fixture.service());
            assertThat(fixture.nginx.generation()).isEqualTo(before);
            assertThat(fixture.warnings).isEmpty();
        }
    }

    @Test
    void an_nginx_that_does_not_run_is_said_and_serves_by_the_file_later() throws IOException {
        try (Fixture fixture = fixture()) {
            fixture.nginx.kill9();
            fixture.adopt(Optional.of(recorded(fixture, Slot.BLUE)));
            fixture.publish(fixture.service());
            assertThat(Warning.english(fixture.plane().warnings("default")))
                    .singleElement()
                    .asString()
                    .contains("nginx does not seem to run");
        }
    }

    @Test
    void a_missing_file_is_made_as_the_recorded_state_says() throws IOException {
        try (Fixture fixture = fixture()) {
            Files.delete(fixture.nginx.include());
            fixture.adopt(Optional.of(recordedGreen(fixture)));
            assertThat(fixture.warnings).singleElement().asString().contains("does not exist and is made");
            fixture.publish(fixture.service());
            assertThat(fixture.include()).isEqualTo("set $service_url http://" + fixture.green.address() + ";\n");
            assertThat(fixture.answer()).isEqualTo("green");
        }
    }

    @Test
    void what_cannot_be_understood_refuses_the_start_and_names_the_file() throws IOException {
        try (Fixture fixture = fixture()) {
            Files.writeString(fixture.nginx.include(), "set $service_url https://somewhere;\n");
            assertThatThrownBy(fixture::adopt)
                    .isInstanceOf(IncludeRefused.class)
                    .hasMessageStartingWith("turnout.nginx.include=" + fixture.nginx.include() + ": ")
                    .hasMessageContaining("does not begin with http://");
        }
    }

    @Test
    void several_targets_in_one_variable_refuse_the_start() throws IOException {
        try (Fixture fixture = fixture().withSecondTarget()) {
            assertThatThrownBy(fixture::adopt)
                    .isInstanceOf(IncludeRefused.class)
                    .hasMessageContaining("turnout.nginx.style=upstream");
        }
    }

    private Fixture fixture() throws IOException {
        return Fixture.of(Style.VARIABLE, folder);
    }

    private static void pointAtGreen(Fixture fixture) throws IOException {
        Files.writeString(fixture.nginx.include(), "set $service_url http://" + fixture.green.address() + ";\n");
    }

    private static Service recordedGreen(Fixture fixture) {
        return recorded(fixture, Slot.GREEN);
    }

    private static Service recorded(Fixture fixture, Slot active) {
        return new Service(
                "default",
                active,
                active == Slot.GREEN ? Optional.of(Slot.BLUE) : Optional.empty(),
                Pool.of(List.of(Fixture.target(fixture.blue))),
                Pool.of(List.of(Fixture.target(fixture.green))),
                Optional.empty(),
                false,
                Optional.empty(),
                7,
                Instant.EPOCH,
                "test",
                SlotReleases.NONE);
    }
}
