package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.http1.ResponseRewriter.Persistence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseRewriterTest {

    @Test
    void passes_other_lines_on_in_their_order_and_to_the_letter() {
        String text =
                "HTTP/1.1 404 Not  \u00e4 Found\r\nserver:x\r\nSet-Cookie: a\r\nSet-Cookie: b \r\nContent-Length: 3\r\n\r\n";
        assertThat(rewritten(text, Persistence.IMPLIED)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.0 200 OK", "HTTP/1.1 200 OK"})
    void says_http_1_1_whatever_the_target_says(String line) {
        assertThat(rewritten(line + "\r\nA: 1\r\n\r\n", Persistence.IMPLIED))
                .isEqualTo("HTTP/1.1 200 OK\r\nA: 1\r\n\r\n");
    }

    /** RFC 9112, section 4. */
    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200", "HTTP/1.1 200 "})
    void writes_the_space_before_an_empty_reason(String line) {
        assertThat(rewritten(line + "\r\n\r\n", Persistence.IMPLIED)).isEqualTo("HTTP/1.1 200 \r\n\r\n");
    }

    @Test
    void tells_the_client_of_its_own_connection() {
        String text =
                "HTTP/1.1 200 OK\r\nConnection: keep-alive, X-Mine\r\nX-Mine: 1\r\nKeep-Alive: timeout=5\r\nA: 1\r\n\r\n";
        assertThat(rewritten(text, Persistence.CLOSE))
                .isEqualTo("HTTP/1.1 200 OK\r\nA: 1\r\nConnection: close\r\n\r\n");
        assertThat(rewritten(text, Persistence.KEEP_ALIVE))
                .isEqualTo("HTTP/1.1 200 OK\r\nA: 1\r\nConnection: keep-alive\r\n\r\n");
        assertThat(rewritten(text, Persistence.IMPLIED)).isEqualTo("HTTP/1.1 200 OK\r\nA: 1\r\n\r\n");
    }

    @Test
    void never_lets_connection_name_the_framing() {
        assertThat(rewritten(
                        "HTTP/1.1 200 OK\r\nConnection: Content-Length\r\nContent-Length: 3\r\n\r\n",
                        Persistence.IMPLIED))
                .isEqualTo("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n");
        assertThat(rewritten(
                        "HTTP/1.1 200 OK\r\nConnection: Transfer-Encoding\r\nTransfer-Encoding: chunked\r\n\r\n",
                        Persistence.IMPLIED))
                .isEqualTo("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    }

    @Test
    void takes_out_what_would_pass_for_turnout_s_own_word() {
        assertThat(rewritten("HTTP/1.1 503 X\r\nX-Turnout: no-target\r\nA: 1\r\n\r\n", Persistence.IMPLIED))
                .isEqualTo("HTTP/1.1 503 X\r\nA: 1\r\n\r\n");
    }

    @Test
    void takes_the_coding_out_for_a_client_that_does_not_know_it() {
        ResponseHead head = scanned("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nA: 1\r\n\r\n");
        HeadWriter out = new HeadWriter();
        ResponseRewriter.rewrite(head, Persistence.CLOSE, true, new byte[0], out);
        assertThat(text(out)).isEqualTo("HTTP/1.1 200 OK\r\nA: 1\r\nConnection: close\r\n\r\n");
    }

    /** RFC 9112, section 6.1 and RFC 9110, section 8.6. */
    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 204 No Content", "HTTP/1.1 103 Early Hints", "HTTP/1.1 100 Continue"})
    void takes_framing_out_where_none_may_be(String line) {
        assertThat(rewritten(line + "\r\nContent-Length: 0\r\nA: 1\r\n\r\n", Persistence.IMPLIED))
                .isEqualTo(line + "\r\nA: 1\r\n\r\n");
        assertThat(rewritten(line + "\r\nTransfer-Encoding: chunked\r\n\r\n", Persistence.IMPLIED))
                .isEqualTo(line + "\r\n\r\n");
    }

    @Test
    void keeps_the_length_of_a_304_which_is_that_of_a_200() {
        String text = "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n";
        assertThat(rewritten(text, Persistence.IMPLIED)).isEqualTo(text);
    }

    private static String rewritten(String text, Persistence persistence) {
        HeadWriter out = new HeadWriter();
        ResponseRewriter.rewrite(scanned(text), persistence, false, new byte[0], out);
        return text(out);
    }

    private static ResponseHead scanned(String text) {
        ResponseHead head = new ResponseHead(16 * 1024);
        byte[] bytes = text.getBytes(ISO_8859_1);
        assertThat(head.scan(bytes, 0, bytes.length)).as(text).isEqualTo(bytes.length);
        return head;
    }

    private static String text(HeadWriter out) {
        return new String(out.bytes(), 0, out.length(), ISO_8859_1);
    }
}
