package dev.turnout.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TargetTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1:8080",
                "app.example:1",
                "app_1-b:65535",
                "[::1]:8082",
                "[fe80::1%eth0]:80",
                "LOCALHOST:9"
            })
    void what_is_read_is_written_the_same_way(String text) {
        assertThat(Target.parse(text)).hasToString(text);
    }

    @Test
    void an_address_in_brackets_is_kept_without_them() {
        assertThat(Target.parse("[::1]:8082")).isEqualTo(new Target("::1", 8082));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":80",
                "host",
                "host:",
                "host:0",
                "host:65536",
                "host:123456",
                "host:-1",
                "host:+1",
                "host:8o",
                "host:80 ",
                " host:80",
                "host :80",
                "ho st:80",
                "::1:80",
                "[]:80",
                "[::1]",
                "http://host:80",
                "host:80/",
                "user@host:80",
                "host\r\n:80",
                "호스트:80",
                "host:８０"
            })
    void what_is_not_host_and_port_is_refused_with_a_sentence(String text) {
        assertThatThrownBy(() -> Target.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("(?s)('.*' is not .*|a port is 1 to 65535, not .*)");
    }

    @Test
    void targets_are_in_order_of_host_and_then_of_port() {
        assertThat(Target.parse("a:9")).isLessThan(Target.parse("b:1"));
        assertThat(Target.parse("a:9")).isLessThan(Target.parse("a:10"));
    }
}
