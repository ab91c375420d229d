package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ResponseHeadTest {

    private static final int LIMIT = 512;

    private final ResponseHead head = new ResponseHead(LIMIT);

    @Test
    void reads_status_and_framing() {
        accepts("HTTP/1.1 404 Not Found\r\nContent-Length: 12\r\n\r\n");
        assertThat(head.status()).isEqualTo(404);
        assertThat(head.contentLength()).isEqualTo(12);
        assertThat(head.isChunked()).isFalse();
        assertThat(head.isHttp11()).isTrue();
    }

    @Test
    void knows_that_there_is_no_length() {
        accepts("HTTP/1.1 200 OK\r\n\r\n");
        assertThat(head.contentLength()).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"HTTP/1.1 200", "HTTP/1.1 200 ", "HTTP/1.1 200 a\tb \u00e4", "HTTP/1.0 200 OK", "HTTP/1.1 599 X"
            })
    void takes_every_legal_status_line(String line) {
        accepts(line + "\r\n\r\n");
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                Arguments.of(Rejection.BAD_STATUS_LINE, "\r\nHTTP/1.1 200 OK\r\n\r\n"),
                Arguments.of(Rejection.BAD_STATUS_LINE, "http/1.1 200 OK\r\n\r\n"),
                Arguments.of(Rejection.BAD_STATUS_LINE, "HTTP/1.2 200 OK\r\n\r\n"),
                Arguments.of(Rejection.BAD_STATUS_LINE, "HTTP/2.0 200 OK\r\n\r\n"),
                Arguments.of(Rejection.BAD_STATUS_LINE, "HTTP/1.1  200 OK\r\n\r\n"),
                Arguments.of(Rejection.BAD_STATUS_LINE, "HTTP/1.1\t200 OK\r\n\r\n"),
                Arguments.of(Rejection.BAD_STATUS_LINE, "HTTP/1.1 20 OK\r\n\r\n"),
                Arguments.of(Rejection.BAD_STATUS_LINE, "HTTP/1.1 2000 OK\r\n\r\n"),
                Arguments.of(Rejection.BAD_STATUS_LINE, "HTTP/1.1 000 OK\r\n\r\n"),
                Arguments.of(Rejection.BAD_STATUS_LINE, "HTTP/1.1 099 OK\r\n\r\n"),
                Arguments.of(Rejection.BAD_STATUS_LINE, "HTTP/1.1 600 OK\r\n\r\n"),
                Arguments.of(Rejection.BAD_STATUS_LINE, "HTTP/1.1 999 OK\r\n\r\n"),
                Arguments.of(Rejection.BAD_STATUS_LINE, "HTTP/1.1 2x0 OK\r\n\r\n"),
                Arguments.of(Rejection.BAD_STATUS_LINE, "HTTP/1.1 200\tOK\r\n\r\n"),
                Arguments.of(Rejection.BAD_STATUS_LINE, "ICY 200 OK\r\n\r\n"),
                Arguments.of(Rejection.BAD_STATUS_LINE, "<html>\r\n\r\n"),
                Arguments.of(Rejection.BARE_LF, "HTTP/1.1 200\n\r\n"),
                Arguments.of(Rejection.BARE_LF, "HTTP/1.1 200 OK\n\r\n"),
                Arguments.of(Rejection.BARE_CR, "HTTP/1.1 200 OK\rA: 1\r\n\r\n"),
                Arguments.of(Rejection.CONTROL_CHARACTER, "HTTP/1.1 200 O\0K\r\n\r\n"),
                Arguments.of(Rejection.CONTROL_CHARACTER, "HTTP/1.1 200 O\u007fK\r\n\r\n"),
                Arguments.of(Rejection.CONTROL_CHARACTER, "HTTP/1.1 200 O\u000bK\r\n\r\n"),
                Arguments.of(Rejection.OBS_FOLD, "HTTP/1.1 200 OK\r\nA: 1\r\n 2\r\n\r\n"),
                Arguments.of(Rejection.OBS_FOLD, "HTTP/1.1 200 OK\r\n A: 1\r\n\r\n"),
                Arguments.of(Rejection.SPACE_BEFORE_COLON, "HTTP/1.1 200 OK\r\nContent-Length : 1\r\n\r\n"),
                Arguments.of(Rejection.BAD_FIELD_NAME, "HTTP/1.1 200 OK\r\n: 1\r\n\r\n"),
                Arguments.of(Rejection.BARE_LF, "HTTP/1.1 200 OK\r\nA: 1\n\r\n"),
                Arguments.of(Rejection.BARE_CR, "HTTP/1.1 200 OK\r\nA: 1\r2\r\n\r\n"),
                Arguments.of(Rejection.CONTROL_CHARACTER, "HTTP/1.1 200 OK\r\nA: \0\r\n\r\n"),
                Arguments.of(
                        Rejection.TWO_FRAMINGS,
                        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"),
                Arguments.of(
                        Rejection.REPEATED_CONTENT_LENGTH,
                        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n"),
                Arguments.of(Rejection.BAD_CONTENT_LENGTH, "HTTP/1.1 200 OK\r\nContent-Length: 1,1\r\n\r\n"),
                Arguments.of(Rejection.BAD_CONTENT_LENGTH, "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"),
                Arguments.of(Rejection.BAD_CONTENT_LENGTH, "HTTP/1.1 304 X\r\nContent-Length: x\r\n\r\n"),
                Arguments.of(Rejection.BAD_TRANSFER_ENCODING, "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n"),
                Arguments.of(Rejection.BAD_TRANSFER_ENCODING, "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
                Arguments.of(
                        Rejection.BAD_TRANSFER_ENCODING,
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void refuses_what_is_no_response(Rejection why, String text) {
        refuses(why, text);
    }

    @Test
    void takes_a_head_of_exactly_the_limit_and_none_over_it() {
        String frame = "HTTP/1.1 200 OK\r\nA: \r\n\r\n";
        String exact = frame.replace("A: ", "A: " + "a".repeat(LIMIT - frame.length()));
        accepts(exact);
        accepts(exact.replaceFirst("aa", "a"));
        refuses(Rejection.HEAD_TOO_LARGE, exact.replaceFirst("a", "aa"));
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 103, 204, 304})
    void knows_which_statuses_have_no_body(int status) {
        accepts("HTTP/1.1 " + status + " X\r\n\r\n");
        assertThat(head.isBodiless()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 205, 302, 404, 500})
    void knows_which_statuses_may_have_a_body(int status) {
        accepts("HTTP/1.1 " + status + " X\r\n\r\n");
        assertThat(head.isBodiless()).isFalse();
    }

    @Test
    void knows_an_interim_response() {
        accepts("HTTP/1.1 103 Early Hints\r\n\r\n");
        assertThat(head.isInterim()).isTrue();
        accepts("HTTP/1.1 200 OK\r\n\r\n");
        assertThat(head.isInterim()).isFalse();
    }

    static Stream<Arguments> persistence() {
        return Stream.of(
                Arguments.of("HTTP/1.1 200 OK\r\n\r\n", true),
                Arguments.of("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", false),
                Arguments.of("HTTP/1.0 200 OK\r\n\r\n", false),
                Arguments.of("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\n", true));
    }

    @ParameterizedTest
    @MethodSource("persistence")
    void knows_whether_the_connection_persists(String text, boolean persistent) {
        accepts(text);
        assertThat(head.isPersistent()).isEqualTo(persistent);
    }

    static Stream<Arguments> keepAlives() {
        return Stream.of(
                Arguments.of("A: b", -1),
                Arguments.of("Keep-Alive: timeout=5", 5),
                Arguments.of("Keep-Alive: max=100, Timeout=15", 15),
                Arguments.of("Keep-Alive: timeout=0", 0),
                Arguments.of("Keep-Alive: timeout=", -1),
                Arguments.of("Keep-Alive: timeout=x", -1),
                Arguments.of("Keep-Alive: max=5", -1),
                Arguments.of("Keep-Alive: timeout=99999999999", 999_999));
    }

    @ParameterizedTest
    @MethodSource("keepAlives")
    void reads_how_long_the_target_keeps_an_idle_connection(String line, int seconds) {
        accepts("HTTP/1.1 200 OK\r\n" + line + "\r\n\r\n");
        assertThat(head.keepAliveSeconds()).isEqualTo(seconds);
    }

    static Stream<Arguments> forwardables() {
        return Stream.of(
                Arguments.of("HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 1\r\n\r\n", true),
                Arguments.of("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n\r\n", true),
                Arguments.of("HTTP/1.1 200 OK\r\nConnection: Keep-Alive\r\n\r\n", true),
                Arguments.of("HTTP/1.1 200\r\n\r\n", false),
                Arguments.of("HTTP/1.0 200 OK\r\n\r\n", false),
                Arguments.of("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", false),
                Arguments.of("HTTP/1.1 103 Early Hints\r\n\r\n", false),
                Arguments.of("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", false),
                Arguments.of("HTTP/1.1 200 OK\r\nConnection: keep-alive, A\r\nA: b\r\n\r\n", false),
                Arguments.of("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\n\r\n", false),
                Arguments.of("HTTP/1.1 200 OK\r\nUpgrade: h2c\r\n\r\n", false),
                Arguments.of("HTTP/1.1 200 OK\r\nX-Turnout: no-target\r\n\r\n", false),
                Arguments.of("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nConnection: close,,,,,\r\n\r\n", false),
                Arguments.of("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nConnection: X-abcdefgh\r\n\r\n", false));
    }

    @ParameterizedTest
    @MethodSource("forwardables")
    void forwards_a_head_untouched_only_if_nothing_in_it_ends_here(String text, boolean forwardable) {
        accepts(text);
        assertThat(head.isForwardable()).isEqualTo(forwardable);
    }

    private int scan(String text) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        return head.scan(bytes, 0, bytes.length);
    }

    private void accepts(String text) {
        int end = scan(text);
        assertThat(end).as(() -> text + end + head.rejection()).isEqualTo(text.length());
    }

    private void refuses(Rejection why, String text) {
        assertThat(scan(text)).as(text).isEqualTo(Scan.REJECTED);
        assertThat(head.rejection()).as(text).isEqualTo(why);
    }
}
