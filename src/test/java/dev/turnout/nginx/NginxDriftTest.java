package dev.turnout.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.config.NginxConfig.Style;
import dev.turnout.routing.PublishFailed;
import dev.turnout.routing.Slot;
import dev.turnout.support.RequiresProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An include file that somebody else has changed. */
@RequiresProgram(value = "nginx", debianPackage = "nginx")
final class NginxDriftTest {

    @TempDir
    private Path folder;

    @Test
    void a_flip_by_the_seeds_script_is_seen_and_not_overwritten_unless_forced() throws IOException {
        try (Fixture fixture = fixture()) {
            String byHand = "set $service_url http://" + fixture.green.address() + ";\n";
            Files.writeString(fixture.nginx.include(), byHand);

            assertThat(fixture.plane().drift())
                    .get()
                    .asString()
                    .contains("somebody else has changed", "to " + fixture.green.address());
            assertThatThrownBy(() -> fixture.switchTo(Slot.GREEN))
                    .isInstanceOf(PublishFailed.class)
                    .hasMessageStartingWith("drift: ");
            assertThat(fixture.include()).isEqualTo(byHand);

            fixture.overwriteNext();
            fixture.publish(fixture.service());
            assertThat(fixture.answer()).isEqualTo("blue");
            assertThat(fixture.include()).contains(fixture.blue.address());
            assertThat(fixture.plane().drift()).isEmpty();
        }
    }

    @Test
    void a_file_that_is_put_right_again_is_no_drift_any_more() throws IOException {
        try (Fixture fixture = fixture()) {
            String before = fixture.include();
            Files.writeString(fixture.nginx.include(), "return 503;\n");
            assertThat(fixture.plane().drift()).get().asString().contains("it is not understood");
            Files.delete(fixture.nginx.include());
            assertThat(fixture.plane().drift()).get().asString().contains("is gone");
            Files.writeString(fixture.nginx.include(), before);
            assertThat(fixture.plane().drift()).isEmpty();
        }
    }

    @Test
    void a_new_comment_is_no_drift_and_survives_the_next_switch() throws IOException {
        try (Fixture fixture = fixture()) {
            Files.writeString(fixture.nginx.include(), "# ask Kim before touching this\n" + fixture.include());
            assertThat(fixture.plane().drift()).isEmpty();
            fixture.switchTo(Slot.GREEN);
            assertThat(fixture.include())
                    .startsWith("# ask Kim before touching this\n")
                    .contains(fixture.green.address());
            assertThat(fixture.answer()).isEqualTo("green");
        }
    }

    @Test
    void a_file_that_cannot_be_understood_is_replaced_when_forced() throws IOException {
        try (Fixture fixture = fixture()) {
            Files.writeString(fixture.nginx.include(), "return 503;\n");
            fixture.overwriteNext();
            fixture.switchTo(Slot.GREEN);
            assertThat(fixture.answer()).isEqualTo("green");
            assertThat(fixture.include()).isEqualTo("set $service_url http://" + fixture.green.address() + ";\n");
        }
    }

    @Test
    void a_forced_change_that_fails_leaves_somebody_elses_file_and_the_drift() throws IOException {
        try (Fixture fixture = fixture()) {
            String byHand = "set $service_url http://" + fixture.green.address() + ";\n";
            Files.writeString(fixture.nginx.include(), byHand);
            Files.writeString(fixture.nginx.neighbour(), "nonsense on;\n");
            fixture.overwriteNext();
            assertThatThrownBy(() -> fixture.publish(fixture.service())).hasMessageStartingWith("test failed: ");
            assertThat(fixture.include()).isEqualTo(byHand);
            assertThat(fixture.plane().drift()).isPresent();
        }
    }

    @Test
    void a_forced_change_to_what_somebody_else_has_written_leaves_the_drift_where_it_fails() throws IOException {
        try (Fixture fixture = fixture()) {
            Files.writeString(fixture.nginx.include(), "set $service_url http://" + fixture.green.address() + ";\n");
            Files.writeString(fixture.nginx.neighbour(), "nonsense on;\n");
            fixture.overwriteNext();
            assertThatThrownBy(() -> fixture.switchTo(Slot.GREEN)).isInstanceOf(PublishFailed.class);
            assertThat(fixture.plane().drift()).isPresent();

            Files.writeString(fixture.nginx.neighbour(), "");
            fixture.overwriteNext();
            fixture.switchTo(Slot.GREEN);
            assertThat(fixture.answer()).isEqualTo("green");
            assertThat(fixture.plane().drift()).isEmpty();
        }
    }

    private Fixture fixture() throws IOException {
        return Fixture.of(Style.VARIABLE, folder).adopt();
    }
}
