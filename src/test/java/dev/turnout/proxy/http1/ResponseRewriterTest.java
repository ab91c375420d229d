package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.http1.ResponseRewriter.Persistence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ResponseRewriterTest {

    private static final byte[] NONE = {};
    private static final byte[] DATE = "Date: now\r\n".getBytes(ISO_8859_1);

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
        ResponseRewriter.rewrite(head, Persistence.CLOSE, true, NONE, NONE, out);
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

    /** RFC 9112, section 6.1: no coding to HTTP/1.0, where there is no body either. */
    @ParameterizedTest
    @ValueSource(strings = {"200 OK", "304 Not Modified", "404 Not Found"})
    void sends_no_coding_and_no_trailer_to_http_1_0(String status) {
        String text = "HTTP/1.1 " + status + "\r\nTransfer-Encoding: chunked\r\nTrailer: Sum\r\nA: 1\r\n\r\n";
        assertThat(rewritten(text, Persistence.KEEP_ALIVE, true, NONE))
                .isEqualTo("HTTP/1.1 " + status + "\r\nA: 1\r\nConnection: keep-alive\r\n\r\n");
    }

    @Test
    void keeps_what_a_426_requires() {
        String text =
                "HTTP/1.1 426 Upgrade Required\r\nConnection: Upgrade, X\r\nX: 1\r\nUpgrade: websocket, x/2\r\n\r\n";
        String start = "HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket, x/2\r\n";
        assertThat(rewritten(text, Persistence.IMPLIED)).isEqualTo(start + "Connection: Upgrade\r\n\r\n");
        assertThat(rewritten(text, Persistence.CLOSE))
                .isEqualTo(start + "Connection: close\r\nConnection: Upgrade\r\n\r\n");
        assertThat(rewritten(text, Persistence.KEEP_ALIVE))
                .isEqualTo(start + "Connection: keep-alive\r\nConnection: Upgrade\r\n\r\n");
    }

    @Test
    void announces_no_upgrade_with_another_status_and_none_that_a_426_does_not_name() {
        assertThat(rewritten("HTTP/1.1 200 OK\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n", Persistence.IMPLIED))
                .isEqualTo("HTTP/1.1 200 OK\r\n\r\n");
        assertThat(rewritten("HTTP/1.1 426 X\r\nConnection: Upgrade\r\n\r\n", Persistence.IMPLIED))
                .isEqualTo("HTTP/1.1 426 X\r\n\r\n");
    }

    @Test
    void dates_a_final_response_that_has_no_date() {
        assertThat(rewritten("HTTP/1.1 200 OK\r\nA: 1\r\n\r\n", Persistence.IMPLIED, false, DATE))
                .isEqualTo("HTTP/1.1 200 OK\r\nA: 1\r\nDate: now\r\n\r\n");
        String dated = "HTTP/1.1 200 OK\r\ndate: then\r\n\r\n";
        assertThat(rewritten(dated, Persistence.IMPLIED, false, DATE)).isEqualTo(dated);
        String interim = "HTTP/1.1 103 Early Hints\r\nA: 1\r\n\r\n";
        assertThat(rewritten(interim, Persistence.IMPLIED, false, DATE)).isEqualTo(interim);
    }

    private static String rewritten(String text, Persistence persistence) {
        return rewritten(text, persistence, false, NONE);
    }

    private static String rewritten(String text, Persistence persistence, boolean toHttp10, byte[] dateLine) {
        HeadWriter out = new HeadWriter();
        ResponseRewriter.rewrite(scanned(text), persistence, toHttp10, dateLine, NONE, out);
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
