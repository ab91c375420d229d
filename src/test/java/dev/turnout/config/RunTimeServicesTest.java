package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Services that were given at run time")
final class RunTimeServicesTest {

    private static final String KEY = "turnout.services.\"shop\".rules.\"r\".response-set";

    private static final RunTimeServices SHOP = new RunTimeServices(Map.of(
            "turnout.services.\"shop\".hosts", "shop.example",
            "turnout.services.\"shop\".blue", "127.0.0.1:1",
            "turnout.services.\"shop\".green", "127.0.0.1:2"));

    @TempDir
    Path folder;

    /** Returns what a start reads by files that name a state folder, or leave it to the unit. */
    private static TurnoutConfig started(Optional<Path> named, Path ofUnit) {
        Map<String, String> file = new HashMap<>();
        named.ifPresent(state -> file.put("turnout.state.directory", state.toString()));
        return new TurnoutConfig(StartCheck.read(
                new FurtherFiles(List.of(new PropertiesConfigSource(file, "of a test", 900)), List.of(), ofUnit)));
    }

    /** The environment has secrets that a caller of the admin API must not have. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Key: ${PATH}",
                "X-Key: ${turnout.admin.token:none}",
                "X-Price: $5",
                "X-Price: $$5 \\${PATH} \\\\${PATH}",
                "X-Path: C:\\a=b c",
                "X-One: 1\nX-Two: C:\\n"
            })
    void have_at_the_next_start_the_values_that_were_given(String value) throws IOException {
        RunTimeServices given = new RunTimeServices(Map.of(KEY, value));
        Files.writeString(RunTimeServices.file(folder), given.text());

        TurnoutConfig config = started(Optional.of(folder), Path.of("turnout-state"));

        assertThat(RunTimeServices.of(config)).isEqualTo(given);
    }

    @Test
    void stay_at_a_reload_of_files_that_name_another_state_folder() throws IOException {
        Files.writeString(RunTimeServices.file(folder), SHOP.text());
        TurnoutConfig running = started(Optional.of(folder), Path.of("turnout-state"));

        Reading reading = StartCheck.again(running);

        assertThat(reading).isInstanceOfSatisfying(Reading.Sound.class, sound -> {
            assertThat(RunTimeServices.of(sound.change().next())).isEqualTo(SHOP);
            assertThat(sound.change().pending())
                    .extracting(KeyChange::key)
                    .containsExactly(StateConfig.DIRECTORY.name());
        });
    }

    @Test
    void leave_the_default_service_as_it_is_at_a_start_and_at_a_reload() throws IOException {
        Files.writeString(RunTimeServices.file(folder), SHOP.text());
        TurnoutConfig running = started(Optional.of(folder), Path.of("turnout-state"));

        assertThat(services(running)).containsExactly("default", "shop");
        assertThat(services(started(Optional.empty(), folder))).containsExactly("default", "shop");
        assertThat(StartCheck.again(running)).isInstanceOfSatisfying(Reading.Sound.class, sound -> assertThat(
                        services(sound.change().next()))
                .containsExactly("default", "shop"));
    }

    private static List<String> services(TurnoutConfig config) {
        return ServiceSettings.of(config).stream().map(ServiceSettings::name).toList();
    }

    @Test
    void are_no_more_when_any_key_of_theirs_stands_in_the_configuration() throws IOException {
        Files.writeString(RunTimeServices.file(folder), SHOP.text());
        Map<String, String> state = Map.of("turnout.state.directory", folder.toString());
        Map<String, String> rise = Map.of("turnout.services.\"shop\".health.rise", "3");

        assertThat(RunTimeServices.areAllOf(started(state), "shop")).isTrue();
        assertThat(RunTimeServices.areAllOf(started(state), "wiki")).isFalse();
        assertThat(RunTimeServices.areAllOf(started(state), "default")).isFalse();
        assertThat(RunTimeServices.areAllOf(started(both(state, SHOP.keys())), "shop"))
                .as("the same values in a file")
                .isFalse();
        assertThat(RunTimeServices.areAllOf(started(both(state, rise)), "shop"))
                .as("one more key in a file")
                .isFalse();
    }

    private static TurnoutConfig started(Map<String, String> file) {
        return new TurnoutConfig(StartCheck.read(new FurtherFiles(
                List.of(new PropertiesConfigSource(file, "of a test", 900)), List.of(), Path.of("."))));
    }

    private static Map<String, String> both(Map<String, String> one, Map<String, String> other) {
        Map<String, String> both = new HashMap<>(one);
        both.putAll(other);
        return both;
    }

    /** A command of an operator lacks the environment of the unit. */
    @Test
    void are_read_from_the_folder_of_the_unit_unless_the_files_name_another() throws IOException {
        Files.writeString(RunTimeServices.file(folder), SHOP.text());

        assertThat(started(Optional.empty(), folder).texts().names())
                .containsKeys(SHOP.keys().keySet().toArray(String[]::new));
        assertThat(started(Optional.of(folder.resolve("other")), folder).texts().names())
                .doesNotContainKeys(SHOP.keys().keySet().toArray(String[]::new));
    }

    /** Root reads every file, but no link to itself. */
    @Test
    void are_not_left_out_by_the_server_if_it_may_not_read_them() throws IOException {
        TurnoutConfig running = started(Optional.of(folder), Path.of("turnout-state"));
        Path file = RunTimeServices.file(folder);
        assertThat(RunTimeServices.unreadable(folder)).isEmpty();
        assertThat(RunTimeServices.unreadable(folder.resolve("none"))).isEmpty();

        Files.createSymbolicLink(file, file);

        assertThat(RunTimeServices.unreadable(folder)).containsExactly(file);
        assertThat(StartCheck.again(running))
                .isEqualTo(new Reading.Broken(
                        List.of("The configuration file " + file + " can't be read by this user."), List.of()));
        assertThat(RunTimeServices.of(started(Optional.of(folder), Path.of("turnout-state"))))
                .as("what a command reads")
                .isEqualTo(new RunTimeServices(Map.of()));
    }

    @Test
    void are_written_since_a_moment_or_not() throws IOException {
        Instant now = Instant.now();
        assertThat(RunTimeServices.areWrittenSince(Instant.EPOCH, folder)).isFalse();

        Path file = Files.writeString(RunTimeServices.file(folder), "");
        assertThat(RunTimeServices.areWrittenSince(now.minusSeconds(10), folder))
                .isTrue();
        assertThat(RunTimeServices.areWrittenSince(now.plusSeconds(10), folder)).isFalse();
        Files.setLastModifiedTime(file, FileTime.from(now.plus(Duration.ofDays(1))));
        assertThat(RunTimeServices.areWrittenSince(now.minusSeconds(10), folder))
                .as("a file from the future")
                .isFalse();
    }
}
