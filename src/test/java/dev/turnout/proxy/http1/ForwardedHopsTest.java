package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ForwardedHopsTest {

    private static List<String> hops(String lines) {
        byte[] bytes = ("GET / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n").getBytes(ISO_8859_1);
        RequestHead head = new RequestHead(16 * 1024);
        assertThat(head.scan(bytes, 0, bytes.length)).isEqualTo(bytes.length);
        return ForwardedHops.of(head);
    }

    @Test
    void are_the_items_of_all_lines_in_their_order() {
        assertThat(
                        hops(
                                "X-Forwarded-For: 203.0.113.9, 198.51.100.1:4711\r\nX-Forwarded-For: [2001:db8::7]:80,, 2001:db8::8\r\n"))
                .containsExactly("203.0.113.9", "198.51.100.1", "2001:db8::7", "2001:db8::8");
    }

    @Test
    void are_those_of_forwarded_only_where_there_is_no_x_forwarded_for() {
        assertThat(hops("Forwarded: for=203.0.113.9;proto=https, for=\"[2001:db8::7]:80\"\r\n"))
                .containsExactly("203.0.113.9", "2001:db8::7");
        assertThat(hops("Forwarded: for=203.0.113.9\r\nX-Forwarded-For: 198.51.100.1\r\n"))
                .containsExactly("198.51.100.1");
    }

    @Test
    void that_hide_are_unknown_and_so_is_all_of_a_broken_field() {
        assertThat(hops("X-Forwarded-For: 203.0.113.9, unknown\r\n")).containsExactly("203.0.113.9", "");
        assertThat(hops("Forwarded: for=_hidden\r\n")).containsExactly("");
        assertThat(hops("Forwarded: for=203.0.113.9, for\r\n")).containsExactly("");
    }

    @Test
    void are_none_where_nothing_is_said() {
        assertThat(hops("")).isEmpty();
    }
}
