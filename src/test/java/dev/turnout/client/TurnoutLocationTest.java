package dev.turnout.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.client.LocationRefused.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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
