package dev.turnout.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HostPortTest {

    @ParameterizedTest
    @CsvSource({"app:80, app, 80", "127.0.0.1:0, 127.0.0.1, 0", "[::1]:8080, ::1, 8080"})
    void a_text_is_read_and_written_in_the_same_form(String text, String host, int port) {
        assertThat(HostPort.parse(text)).isEqualTo(new HostPort(host, port)).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource({"app, app:80", "app:1, app:1", "[::1], [::1]:80", "[::1]:1, [::1]:1"})
    void a_missing_port_is_the_default_port(String text, String whole) {
        assertThat(HostPort.parse(text, 80)).hasToString(whole);
    }

    @ParameterizedTest
    @ValueSource(strings = {"app", ":80", "app:", "app:http", "app:123456", "::1:80"})
    void another_text_is_refused_and_quoted(String text) {
        assertThatThrownBy(() -> HostPort.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("'" + text + "' is not host:port");
    }

    @Test
    void only_a_pair_of_brackets_is_removed() {
        assertThat(HostPort.withoutBrackets("[::1]")).isEqualTo("::1");
        assertThat(HostPort.withoutBrackets("[::1")).isEqualTo("[::1");
    }
}
