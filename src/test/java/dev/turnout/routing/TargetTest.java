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
                "LOCALHOST:9",
                "https://app.example:8443",
                "https://[::1]:8443",
                "http://127.0.0.1:8080",
                "unix:/run/app.sock",
                "unix:/run/shop-1.2/app_1@x~.sock"
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
                "ftp://host:80",
                "https://",
                "https://host",
                "HTTPS://host:80",
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unix:",
                "unix:app.sock",
                "unix:/",
                "unix:/run/",
                "unix:/run//app.sock",
                "unix:/run/./app.sock",
                "unix:/run/../app.sock",
                "unix:/run/..",
                "unix:@abstract",
                "unix:/run/app.sock:/path",
                "unix:/run/a b.sock",
                "unix:/run/a,b.sock",
                "unix:/run/a;b.sock",
                "unix:/run/a\nb.sock",
                "unix:/run/앱.sock",
                "unix://run/app.sock",
                "https://unix:/run/app.sock",
                "http://host:80/path",
                "https://https://host:80",
                "https://host:80/"
            })
    void what_is_no_unix_socket_and_no_origin_is_refused_with_a_sentence(String text) {
        assertThatThrownBy(() -> Target.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("(?s)'.*' (is not|has a) .*");
    }

    @Test
    void the_path_of_a_unix_socket_has_room_in_the_system_structure() {
        String longest = "unix:/" + "a".repeat(106);
        assertThat(Target.parse(longest)).hasToString(longest);
        assertThatThrownBy(() -> Target.parse(longest + "a")).hasMessageContaining("at most 107 characters");
    }

    @Test
    void a_unix_socket_is_asked_for_localhost_and_a_port_for_its_own_host() {
        assertThat(Target.parse("unix:/run/app.sock").address().authority()).isEqualTo("localhost");
        assertThat(Target.parse("https://[::1]:8443").address().authority()).isEqualTo("[::1]:8443");
        assertThat(Target.parse("https://[::1]:8443").address().host()).isEqualTo("::1");
    }

    @Test
    void the_same_address_is_the_same_place_whatever_the_scheme_is() {
        assertThat(Target.parse("https://a:1").isAtPlaceOf(Target.parse("a:1"))).isTrue();
        assertThat(Target.parse("https://a:1")).isNotEqualTo(Target.parse("a:1"));
        assertThat(Target.parse("unix:/a").isAtPlaceOf(Target.parse("unix:/b"))).isFalse();
    }

    @Test
    void a_unix_socket_has_no_port() {
        assertThatThrownBy(() -> Target.parse("unix:/run/app.sock").tcp()).hasMessageContaining("unix:/run/app.sock");
    }

    @Test
    void unix_sockets_come_behind_addresses_of_the_network() {
        assertThat(Target.parse("z:9")).isLessThan(Target.parse("unix:/a"));
        assertThat(Target.parse("unix:/a")).isLessThan(Target.parse("unix:/b"));
        assertThat(Target.parse("a:1")).isLessThan(Target.parse("https://a:1"));
    }

    @Test
    void targets_are_in_order_of_host_and_then_of_port() {
        assertThat(Target.parse("a:9")).isLessThan(Target.parse("b:1"));
        assertThat(Target.parse("a:9")).isLessThan(Target.parse("a:10"));
    }
}
