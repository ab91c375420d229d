package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SlotCookieTest {

    private static final SlotCookie COOKIE = new SlotCookie("0123456789abcdef".repeat(2), "/");
    private static final SlotCookie OF_ANOTHER = new SlotCookie("0123456789abcdef0123456789abcdee", "/");
    private static final long LOT = 4_242;

    private static RequestHead request(String lines) {
        RequestHead head = new RequestHead(16 * 1024);
        byte[] bytes = ("GET / HTTP/1.1\r\nHost: h\r\n" + lines + "\r\n").getBytes(US_ASCII);
        assertThat(head.scan(bytes, 0, bytes.length)).isEqualTo(bytes.length);
        return head;
    }

    private static String line(SlotCookie cookie, long lot) {
        return new String(cookie.line(lot, false), US_ASCII);
    }

    /** As a browser sends it back. */
    private static String pair(SlotCookie cookie, long lot) {
        String line = line(cookie, lot);
        return line.substring(line.indexOf(' ') + 1, line.indexOf(';'));
    }

    @Test
    void is_kept_from_scripts_and_from_other_sites() {
        assertThat(line(COOKIE, LOT))
                .matches("Set-Cookie: turnout_slot=[0-9a-f]{32}; Path=/; HttpOnly; SameSite=Lax\r\n");
    }

    @Test
    void stays_on_tls_where_the_client_came_over_it() {
        assertThat(new String(new SlotCookie("0".repeat(32), "/shop").line(LOT, true), US_ASCII))
                .endsWith("; Path=/shop; HttpOnly; SameSite=Lax; Secure\r\n");
    }

    @Test
    void tells_the_place_that_it_was_given_for() {
        Random random = new Random(1);
        for (int i = 0; i < 1_000; i++) {
            long lot = random.nextLong();
            assertThat(COOKIE.place(request("Cookie: " + pair(COOKIE, lot) + "\r\n")))
                    .isEqualTo(SlotCookie.place(lot))
                    .isBetween(0, 99);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Cookie: a=b; %s\r\n",
                "Cookie: %s; a=b\r\n",
                "Cookie: a=b;%s;c=d\r\n",
                "Cookie: turnout_slot=old; %s\r\n",
                "Cookie: turnout_slot=00000000000000000000000000000000; %s\r\n",
                "Cookie: a=b\r\nAccept: */*\r\ncookie: %s\r\n",
                "Cookie: a\r\nCookie: \r\nCookie: ;; %s\r\n"
            })
    void is_found_among_others(String lines) {
        assertThat(COOKIE.place(request(lines.formatted(pair(COOKIE, LOT))))).isEqualTo(SlotCookie.place(LOT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Cookie: a=b\r\n",
                "Cookie: turnout_slot=\r\n",
                "Cookie: turnout_slot=green\r\n",
                "Cookie: turnout_slot=00000000000000000000000000000000\r\n",
                "Cookie: turnout_slot=zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz\r\n",
                "Cookie: turnout_slot=-000000000000001-000000000000001\r\n",
                "Cookie: x%s\r\n",
                "Cookie: %s0\r\n",
                "Cookie: %s\u0020x\r\n",
                "X-Cookie: %s\r\n"
            })
    void what_is_no_such_cookie_has_no_place(String lines) {
        assertThat(COOKIE.place(request(lines.formatted(pair(COOKIE, LOT))))).isEqualTo(SlotCookie.NO_PLACE);
    }

    @Test
    void one_of_another_canary_has_no_place() {
        RequestHead request = request("Cookie: " + pair(OF_ANOTHER, LOT) + "\r\n");

        assertThat(COOKIE.place(request)).isEqualTo(SlotCookie.NO_PLACE);
        assertThat(OF_ANOTHER.place(request)).isNotEqualTo(SlotCookie.NO_PLACE);
    }

    @Test
    void one_with_any_digit_changed_has_no_place() {
        String pair = pair(COOKIE, LOT);
        for (int i = pair.indexOf('=') + 1; i < pair.length(); i++) {
            char other = pair.charAt(i) == '0' ? '1' : '0';
            String forged = pair.substring(0, i) + other + pair.substring(i + 1);

            assertThat(COOKIE.place(request("Cookie: " + forged + "\r\n")))
                    .as(forged)
                    .isEqualTo(SlotCookie.NO_PLACE);
        }
    }
}
