package dev.turnout.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.client.LocationRefused.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TurnoutLocationTest {

    @TempDir
    Path folder;

    private static TurnoutLocation find(Optional<String> url, Optional<Path> token, Map<String, String> environment)
            throws LocationRefused {
        return TurnoutLocation.find(
                new TurnoutLocation.Options(url, token, Optional.empty(), Optional.empty(), Optional.empty()),
                environment);
    }

    @Test
    void without_anything_said_it_is_the_default_address() throws Exception {
        TurnoutLocation location = find(Optional.empty(), Optional.empty(), Map.of());

        assertThat(location.address()).hasHost("127.0.0.1").hasPort(9000);
        assertThat(location.token()).isEmpty();
    }

    /** Finds Turnout from the folder of this test, with a token of the environment. */
    private TurnoutLocation findHere() throws LocationRefused {
        String before = System.setProperty("user.dir", folder.toString());
        try {
            return find(Optional.empty(), Optional.empty(), Map.of("TURNOUT_ADMIN_TOKEN", "a"));
        } finally {
            System.setProperty("user.dir", before);
        }
    }

    /** Writes a file in the folder of this test that names another port than the usual one. */
    private Path write(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, name.equals(".env") ? "TURNOUT_ADMIN_PORT=9999" : "turnout.admin.port=9999");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application.properties", "config/application.properties", ".env"})
    void a_file_of_this_user_in_the_working_directory_names_the_address(String name) throws Exception {
        write(name);

        TurnoutLocation location = findHere();

        assertThat(location.address()).hasPort(9999);
        assertThat(location.leftOut()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "application.properties, application.properties",
        "config/application.properties, config/application.properties",
        "config/application.properties, config",
        "config/application.properties, .",
        ".env, .env"
    })
    void a_file_that_others_may_have_written_names_no_address_for_the_token(String name, String writable)
            throws Exception {
        write(name);
        Files.setPosixFilePermissions(folder.resolve(writable), PosixFilePermissions.fromString("rwxrwxrwx"));

        TurnoutLocation location = findHere();

        assertThat(location.address()).hasPort(9000);
        assertThat(location.leftOut()).isEqualTo(name.equals(".env") ? Optional.empty() : Optional.of(folder));
    }

    @Test
    void a_file_of_another_program_that_does_not_count_is_not_worth_a_word() throws Exception {
        Path file = Files.writeString(folder.resolve("application.properties"), "server.port=8081");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));

        assertThat(findHere().leftOut()).isEmpty();
    }

    @Test
    void a_folder_that_all_use_like_tmp_does_not_make_a_file_of_this_user_count_less() throws Exception {
        write("application.properties");
        Files.setAttribute(folder, "unix:mode", 01777);

        assertThat(findHere().address()).hasPort(9999);
    }

    @Test
    void the_services_of_the_run_time_name_no_address() throws Exception {
        Path services = write("state/services.properties");
        Files.writeString(folder.resolve("application.properties"), "turnout.state.directory=" + services.getParent());

        assertThat(findHere().address()).hasPort(9000);
    }

    @Test
    void the_option_wins_over_the_environment() throws Exception {
        Map<String, String> environment = Map.of("TURNOUT_URL", "http://other:1", "TURNOUT_ADMIN_TOKEN", "a");
        Path token = Files.writeString(folder.resolve("토큰"), "b\n");

        TurnoutLocation location = find(Optional.of("https://ops.example.com/t"), Optional.of(token), environment);

        assertThat(location.address()).hasToString("https://ops.example.com/t");
        assertThat(location.token()).contains("b");
    }

    @Test
    void the_environment_gives_address_and_token() throws Exception {
        TurnoutLocation location = find(
                Optional.empty(), Optional.empty(), Map.of("TURNOUT_URL", "10.0.0.5:9001", "TURNOUT_ADMIN_TOKEN", "a"));

        assertThat(location.address()).hasToString("http://10.0.0.5:9001");
        assertThat(location.token()).contains("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://host", "http://", "http://a b", "http://user:pw@host", "::::"})
    void an_address_that_is_none_is_refused(String url) {
        assertThatThrownBy(() -> find(Optional.of(url), Optional.empty(), Map.of()))
                .isInstanceOfSatisfying(
                        LocationRefused.class, e -> assertThat(e.fault()).isEqualTo(Fault.ADDRESS));
    }

    @Test
    void a_token_that_would_end_its_header_field_is_refused() {
        Map<String, String> environment = Map.of("TURNOUT_ADMIN_TOKEN", "a\r\nX: y");

        assertThatThrownBy(() -> find(Optional.empty(), Optional.empty(), environment))
                .isInstanceOfSatisfying(
                        LocationRefused.class, e -> assertThat(e.fault()).isEqualTo(Fault.TOKEN));
    }

    @Test
    void a_token_file_that_is_missing_is_refused() {
        Path missing = folder.resolve("none");

        assertThatThrownBy(() -> find(Optional.empty(), Optional.of(missing), Map.of()))
                .isInstanceOfSatisfying(LocationRefused.class, e -> {
                    assertThat(e.fault()).isEqualTo(Fault.TOKEN_FILE);
                    assertThat(e.value()).isEqualTo(missing.toString());
                });
    }
}
