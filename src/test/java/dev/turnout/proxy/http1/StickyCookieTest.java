package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StickyCookieTest {

    private static final StickyCookie COOKIE = new StickyCookie(1, 2, "/", Optional.empty());
    private static final StickyCookie FOLLOWING = new StickyCookie(1, 2, "/shop", Optional.of("JSESSIONID"));
    private static final long NUMBER = 4_242;
    private static final long A = 0x1111222233334444L;
    private static final long B = 0x8111222233334444L;

    private static RequestHead request(String lines) {
        RequestHead head = new RequestHead(16 * 1024);
        byte[] bytes = ("GET / HTTP/1.1\r\nHost: h\r\n" + lines + "\r\n").getBytes(US_ASCII);
        assertThat(head.scan(bytes, 0, bytes.length)).isEqualTo(bytes.length);
        return head;
    }

    private static ResponseHead response(String lines) {
        ResponseHead head = new ResponseHead(16 * 1024);
        byte[] bytes = ("HTTP/1.1 200 OK\r\n" + lines + "\r\n").getBytes(US_ASCII);
        assertThat(head.scan(bytes, 0, bytes.length)).isEqualTo(bytes.length);
        return head;
    }

    private static StickySession session(StickyCookie cookie, String lines) {
        return cookie.of(request(lines), false, () -> NUMBER);
    }

    /** As a browser sends it back. */
    private static String pair(StickyCookie cookie, long tag) {
        String line = new String(cookie.line(NUMBER, tag, false), US_ASCII);
        return line.substring(line.indexOf(' ') + 1, line.indexOf(';'));
    }

    @Test
    void is_kept_from_scripts_and_from_other_sites() {
        assertThat(new String(COOKIE.line(NUMBER, A, false), US_ASCII))
                .matches("Set-Cookie: turnout_sticky=[0-9a-f]{48}; Path=/; HttpOnly; SameSite=Lax\r\n");
        assertThat(new String(FOLLOWING.line(NUMBER, A, true), US_ASCII))
                .endsWith("; Path=/shop; HttpOnly; SameSite=Lax; Secure\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Cookie: %s\r\n", "Cookie: a=b; %s\r\n", "Cookie: a=b\r\nCookie: x; %s; y=1\r\n"})
    void keeps_its_client_at_its_target_and_is_not_given_again(String lines) {
        StickySession session = session(COOKIE, lines.formatted(pair(COOKIE, A)));

        assertThat(session.isKeptAt(A)).isTrue();
        assertThat(session.isKeptAt(B)).isFalse();
        assertThat(session.line(A, response(""))).isNull();
        assertThat(session.line(B, response(""))).isEqualTo(COOKIE.line(NUMBER, B, false));
    }

    @Test
    void is_nobodys_who_made_it_up_or_has_it_from_another_service() {
        String pair = pair(COOKIE, A);
        String chosen = "turnout_sticky=" + pair.substring(15, 31) + "%016x".formatted(B) + pair.substring(47);
        String otherSession = "turnout_sticky=" + "0".repeat(16) + pair.substring(31);
        String otherService = pair(new StickyCookie(1, 3, "/", Optional.empty()), A);
        for (String forged : new String[] {
            chosen, otherSession, otherService, pair + "0", pair.replace('=', '_'), pair.substring(1), ""
        }) {
            assertThat(session(COOKIE, "Cookie: " + forged + "\r\n").isKept())
                    .as(forged)
                    .isFalse();
        }
    }

    @Test
    void of_this_service_is_found_behind_that_of_another_service() {
        String other = pair(new StickyCookie(1, 3, "/", Optional.empty()), A);

        assertThat(session(COOKIE, "Cookie: " + other + "; " + pair(COOKIE, B) + "\r\n")
                        .isKeptAt(B))
                .isTrue();
    }

    @Test
    void follows_the_cookie_of_the_application() {
        StickySession stranger = session(FOLLOWING, "");
        assertThat(stranger.line(A, response("Set-Cookie: theme=dark\r\n"))).isNull();
        assertThat(stranger.line(A, response("Set-Cookie: xJSESSIONID=1\r\n"))).isNull();
        assertThat(stranger.line(A, response("Set-Cookie: theme=dark\r\nSet-Cookie: JSESSIONID=1; Path=/\r\n")))
                .isEqualTo(FOLLOWING.line(NUMBER, A, false));

        StickySession known = session(FOLLOWING, "Cookie: JSESSIONID=1; " + pair(FOLLOWING, A) + "\r\n");
        assertThat(known.isKeptAt(A)).isTrue();
        assertThat(known.line(A, response("Set-Cookie: JSESSIONID=2\r\n"))).isNull();
        assertThat(known.line(B, response(""))).isEqualTo(FOLLOWING.line(NUMBER, B, false));

        assertThat(session(FOLLOWING, "Cookie: " + pair(FOLLOWING, A) + "\r\n").isKept())
                .as("the application's session has ended")
                .isFalse();
    }
}
