package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestHeadTest {

    private static final int LIMIT = 1024;

    private final RequestHead head = new RequestHead(LIMIT);

    @Test
    void reads_method_target_and_version() {
        accepts("POST /a/b?c=d HTTP/1.1\r\nHost: h\r\n\r\n");
        assertThat(head.method()).isEqualTo("POST");
        assertThat(head.methodIs(KnownMethod.POST)).isTrue();
        assertThat(head.pathIsWithin("/a/b")).isTrue();
        assertThat(head.isHttp11()).isTrue();
    }

    @Test
    void ends_behind_the_empty_line() {
        String text = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
        byte[] bytes = (text + "GET /next HTTP/1.1\r\n").getBytes(ISO_8859_1);
        assertThat(head.scan(bytes, 0, bytes.length)).isEqualTo(text.length());
    }

    @Test
    void begins_where_it_is_told() {
        byte[] bytes = "\nxGET / HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(ISO_8859_1);
        assertThat(head.scan(bytes, 2, bytes.length)).isEqualTo(bytes.length);
        assertThat(head.method()).isEqualTo("GET");
    }

    @Test
    void knows_nothing_of_the_head_before() {
        accepts(
                "POST / HTTP/1.0\r\nHost: h\r\nContent-Length: 5\r\nConnection: keep-alive\r\nAccept: text/html\r\n\r\n");
        accepts("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        assertThat(head.contentLength()).isZero();
        assertThat(head.accepts("html".getBytes(ISO_8859_1))).isFalse();
        assertThat(head.isHttp11()).isTrue();
    }

    /** RFC 9112, section 2.2. */
    @Test
    void skips_empty_lines_before_the_request_line() {
        accepts("\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n");
        assertThat(head.method()).isEqualTo("GET");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/a?b",
                "//a",
                "/a%20b",
                "/?q=[]{}|^`\"<>\\",
                "http://h",
                "http://h?q",
                "HTTP://h:80/a",
                "https://[::1]:8443/",
                "http://h:/"
            })
    void takes_origin_form_and_absolute_form(String target) {
        accepts("GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n");
    }

    @Test
    void takes_asterisk_form_for_options() {
        accepts("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n");
    }

    static Stream<Arguments> brokenRequestLines() {
        return Stream.of(
                Arguments.of(Rejection.BAD_METHOD, " GET / HTTP/1.1\r\n"),
                Arguments.of(Rejection.BAD_METHOD, "G(T / HTTP/1.1\r\n"),
                Arguments.of(Rejection.BAD_METHOD, "G\u00e9T / HTTP/1.1\r\n"),
                Arguments.of(Rejection.BAD_METHOD, "GET\0 / HTTP/1.1\r\n"),
                Arguments.of(Rejection.BAD_METHOD, "GET\t/ HTTP/1.1\r\n"),
                Arguments.of(Rejection.BAD_METHOD, "GET\u000b/ HTTP/1.1\r\n"),
                Arguments.of(Rejection.BAD_METHOD, "CONNECT h:443 HTTP/1.1\r\n"),
                Arguments.of(Rejection.BAD_METHOD, "CONNECT / HTTP/1.1\r\n"),
                Arguments.of(Rejection.BAD_METHOD, "cOnNeCt h:443 HTTP/1.1\r\n"),
                Arguments.of(Rejection.BAD_METHOD, "GET\r\n"),
                Arguments.of(Rejection.BAD_METHOD, "GET:/ HTTP/1.1\r\n"),
                Arguments.of(Rejection.BAD_TARGET, "GET  / HTTP/1.1\r\n"),
                Arguments.of(Rejection.BAD_TARGET, "GET a HTTP/1.1\r\n"),
                Arguments.of(Rejection.BAD_TARGET, "GET ?a HTTP/1.1\r\n"),
                Arguments.of(Rejection.BAD_TARGET, "GET * HTTP/1.1\r\n"),
                Arguments.of(Rejection.BAD_TARGET, "OPTIONS ** HTTP/1.1\r\n"),
                Arguments.of(Rejection.BAD_TARGET, "GET /a#b HTTP/1.1\r\n"),
                Arguments.of(Rejection.BAD_TARGET, "GET /\0 HTTP/1.1\r\n"),
                Arguments.of(Rejection.BAD_TARGET, "GET /\u007f HTTP/1.1\r\n"),
                Arguments.of(Rejection.BAD_TARGET, "GET /\u00e4 HTTP/1.1\r\n"),
                Arguments.of(Rejection.BAD_TARGET, "GET /\t HTTP/1.1\r\n"),
                Arguments.of(Rejection.BAD_TARGET, "GET /\u000c HTTP/1.1\r\n"),
                Arguments.of(Rejection.BAD_TARGET, "GET ftp://h/ HTTP/1.1\r\n"),
                Arguments.of(Rejection.BAD_TARGET, "GET http:/h/ HTTP/1.1\r\n"),
                Arguments.of(Rejection.BAD_TARGET, "GET http:// HTTP/1.1\r\n"),
                Arguments.of(Rejection.BAD_TARGET, "GET http:///a HTTP/1.1\r\n"),
                Arguments.of(Rejection.BAD_TARGET, "GET http://:80/a HTTP/1.1\r\n"),
                Arguments.of(Rejection.BAD_TARGET, "GET http://user@h/ HTTP/1.1\r\n"),
                Arguments.of(Rejection.BAD_TARGET, "GET http://user:pw@h/ HTTP/1.1\r\n"),
                Arguments.of(Rejection.BAD_TARGET, "GET http://a,b/ HTTP/1.1\r\n"),
                Arguments.of(Rejection.BAD_TARGET, "GET http://h\\evil/ HTTP/1.1\r\n"),
                Arguments.of(Rejection.BAD_TARGET, "GET h:80 HTTP/1.1\r\n"),
                Arguments.of(Rejection.BAD_REQUEST_LINE, "GET /\r\n"),
                Arguments.of(Rejection.BAD_REQUEST_LINE, "GET /  HTTP/1.1\r\n"),
                Arguments.of(Rejection.BAD_REQUEST_LINE, "GET / \r\n"),
                Arguments.of(Rejection.BAD_REQUEST_LINE, "GET / a HTTP/1.1\r\n"),
                Arguments.of(Rejection.BAD_REQUEST_LINE, "GET / HTTP/1.1 \r\n"),
                Arguments.of(Rejection.BAD_REQUEST_LINE, "GET / HTTP/1.1\rX"),
                Arguments.of(Rejection.BAD_REQUEST_LINE, "GET / http/1.1\r\n"),
                Arguments.of(Rejection.BAD_REQUEST_LINE, "GET / HTTP/1\r\n"),
                Arguments.of(Rejection.BAD_REQUEST_LINE, "GET / HTTP/1.10\r\n"),
                Arguments.of(Rejection.BAD_REQUEST_LINE, "GET / HTTP/11.1\r\n"),
                Arguments.of(Rejection.BAD_REQUEST_LINE, "GET / HTTP/1,1\r\n"),
                Arguments.of(Rejection.BARE_LF, "GET / HTTP/1.1\nHost: h\r\n"),
                Arguments.of(Rejection.BARE_LF, "GET /\n"),
                Arguments.of(Rejection.BARE_LF, "\nGET / HTTP/1.1\r\n"),
                Arguments.of(Rejection.BARE_CR, "\rGET / HTTP/1.1\r\n"),
                Arguments.of(Rejection.UNKNOWN_VERSION, "GET / HTTP/1.2\r\n"),
                Arguments.of(Rejection.UNKNOWN_VERSION, "GET / HTTP/0.9\r\n"),
                Arguments.of(Rejection.UNKNOWN_VERSION, "GET / HTTP/2.0\r\n"),
                Arguments.of(Rejection.UNKNOWN_VERSION, "PRI * HTTP/2.0\r\n"),
                Arguments.of(Rejection.UNKNOWN_VERSION, "GET / HTTP/3.1\r\n"));
    }

    @ParameterizedTest
    @MethodSource("brokenRequestLines")
    void refuses_a_broken_request_line(Rejection why, String line) {
        refuses(why, line + "Host: h\r\n\r\n");
    }

    static Stream<Arguments> brokenFields() {
        return Stream.of(
                Arguments.of(Rejection.OBS_FOLD, " folded: 1\r\n"),
                Arguments.of(Rejection.OBS_FOLD, "A: 1\r\n 2\r\n"),
                Arguments.of(Rejection.OBS_FOLD, "A: 1\r\n\t2\r\n"),
                Arguments.of(Rejection.OBS_FOLD, "A: 1\r\n \r\n"),
                Arguments.of(Rejection.SPACE_BEFORE_COLON, "A : 1\r\n"),
                Arguments.of(Rejection.SPACE_BEFORE_COLON, "A\t: 1\r\n"),
                Arguments.of(Rejection.SPACE_BEFORE_COLON, "Transfer-Encoding : chunked\r\n"),
                Arguments.of(Rejection.SPACE_BEFORE_COLON, "Content-Length : 5\r\n"),
                Arguments.of(Rejection.BAD_FIELD_NAME, ": 1\r\n"),
                Arguments.of(Rejection.BAD_FIELD_NAME, "A\0: 1\r\n"),
                Arguments.of(Rejection.BAD_FIELD_NAME, "A\u000b: 1\r\n"),
                Arguments.of(Rejection.BAD_FIELD_NAME, "A\u000c: 1\r\n"),
                Arguments.of(Rejection.BAD_FIELD_NAME, "\u00ffA: 1\r\n"),
                Arguments.of(Rejection.BAD_FIELD_NAME, "\u00a0A: 1\r\n"),
                Arguments.of(Rejection.BAD_FIELD_NAME, "A(1): 1\r\n"),
                Arguments.of(Rejection.BAD_FIELD_NAME, "A\"B: 1\r\n"),
                Arguments.of(Rejection.BAD_FIELD_NAME, "A@B: 1\r\n"),
                Arguments.of(Rejection.BARE_LF, "A: 1\nB: 2\r\n"),
                Arguments.of(Rejection.BARE_LF, "A\n: 1\r\n"),
                Arguments.of(Rejection.BARE_LF, "\n"),
                Arguments.of(Rejection.BARE_CR, "A: 1\rB: 2\r\n"),
                Arguments.of(Rejection.BARE_CR, "A: 1\r\r\n"),
                Arguments.of(Rejection.BARE_CR, "\rA: 1\r\n"),
                Arguments.of(Rejection.BARE_CR, "A\r: 1\r\n"),
                Arguments.of(Rejection.BARE_CR, "A\r\n"),
                Arguments.of(Rejection.CONTROL_CHARACTER, "A: \0\r\n"),
                Arguments.of(Rejection.CONTROL_CHARACTER, "A: a\u0001b\r\n"),
                Arguments.of(Rejection.CONTROL_CHARACTER, "A: a\u001b[0m\r\n"),
                Arguments.of(Rejection.CONTROL_CHARACTER, "A: \u007f\r\n"),
                Arguments.of(Rejection.CONTROL_CHARACTER, "A: \u000b\r\n"),
                Arguments.of(Rejection.CONTROL_CHARACTER, "A: \u000c\r\n"));
    }

    @ParameterizedTest
    @MethodSource("brokenFields")
    void refuses_a_broken_field_line(Rejection why, String lines) {
        refuses(why, "GET / HTTP/1.1\r\nHost: h\r\n" + lines + "\r\n");
    }

    @ParameterizedTest
    @MethodSource("brokenFields")
    void refuses_a_broken_first_field_line(Rejection why, String lines) {
        refuses(why, "GET / HTTP/1.1\r\n" + lines + "Host: h\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A:\r\n",
                "A: \r\n",
                "A:\t1 \t\r\n",
                "A: a  b\tc\r\n",
                "A: \u00e4\u00ff\r\n",
                "!#$%&'*+-.^_`|~9z: 1\r\n"
            })
    void takes_every_legal_field_line(String line) {
        accepts("GET / HTTP/1.1\r\nHost: h\r\n" + line + "\r\n");
    }

    static Stream<Arguments> brokenFramings() {
        return Stream.of(
                Arguments.of(Rejection.TWO_FRAMINGS, "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
                Arguments.of(Rejection.TWO_FRAMINGS, "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"),
                Arguments.of(Rejection.TWO_FRAMINGS, "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n"),
                Arguments.of(Rejection.REPEATED_CONTENT_LENGTH, "Content-Length: 5\r\nContent-Length: 5\r\n"),
                Arguments.of(Rejection.REPEATED_CONTENT_LENGTH, "Content-Length: 5\r\ncontent-length: 6\r\n"),
                Arguments.of(Rejection.BAD_CONTENT_LENGTH, "Content-Length:\r\n"),
                Arguments.of(Rejection.BAD_CONTENT_LENGTH, "Content-Length: 5, 5\r\n"),
                Arguments.of(Rejection.BAD_CONTENT_LENGTH, "Content-Length: 5,\r\n"),
                Arguments.of(Rejection.BAD_CONTENT_LENGTH, "Content-Length: +5\r\n"),
                Arguments.of(Rejection.BAD_CONTENT_LENGTH, "Content-Length: -5\r\n"),
                Arguments.of(Rejection.BAD_CONTENT_LENGTH, "Content-Length: 0x5\r\n"),
                Arguments.of(Rejection.BAD_CONTENT_LENGTH, "Content-Length: 5_0\r\n"),
                Arguments.of(Rejection.BAD_CONTENT_LENGTH, "Content-Length: 5 0\r\n"),
                Arguments.of(Rejection.BAD_CONTENT_LENGTH, "Content-Length: 5.0\r\n"),
                Arguments.of(Rejection.BAD_CONTENT_LENGTH, "Content-Length: 5e1\r\n"),
                Arguments.of(Rejection.BAD_CONTENT_LENGTH, "Content-Length: \"5\"\r\n"),
                Arguments.of(Rejection.BAD_CONTENT_LENGTH, "Content-Length: \u00b2\r\n"),
                Arguments.of(Rejection.BAD_CONTENT_LENGTH, "Content-Length: 1000000000000000000\r\n"),
                Arguments.of(Rejection.BAD_CONTENT_LENGTH, "Content-Length: 18446744073709551621\r\n"),
                Arguments.of(Rejection.BAD_TRANSFER_ENCODING, "Transfer-Encoding:\r\n"),
                Arguments.of(Rejection.BAD_TRANSFER_ENCODING, "Transfer-Encoding: identity\r\n"),
                Arguments.of(Rejection.BAD_TRANSFER_ENCODING, "Transfer-Encoding: gzip\r\n"),
                Arguments.of(Rejection.BAD_TRANSFER_ENCODING, "Transfer-Encoding: gzip, chunked\r\n"),
                Arguments.of(Rejection.BAD_TRANSFER_ENCODING, "Transfer-Encoding: chunked, gzip\r\n"),
                Arguments.of(Rejection.BAD_TRANSFER_ENCODING, "Transfer-Encoding: chunked, chunked\r\n"),
                Arguments.of(Rejection.BAD_TRANSFER_ENCODING, "Transfer-Encoding: chunked,\r\n"),
                Arguments.of(Rejection.BAD_TRANSFER_ENCODING, "Transfer-Encoding: ,chunked\r\n"),
                Arguments.of(Rejection.BAD_TRANSFER_ENCODING, "Transfer-Encoding: chunked;a=b\r\n"),
                Arguments.of(Rejection.BAD_TRANSFER_ENCODING, "Transfer-Encoding: \"chunked\"\r\n"),
                Arguments.of(Rejection.BAD_TRANSFER_ENCODING, "Transfer-Encoding: xchunked\r\n"),
                Arguments.of(Rejection.BAD_TRANSFER_ENCODING, "Transfer-Encoding: chunke\r\n"),
                Arguments.of(Rejection.BAD_TRANSFER_ENCODING, "Transfer-Encoding: chun\u00ebed\r\n"),
                Arguments.of(
                        Rejection.BAD_TRANSFER_ENCODING,
                        "Transfer-Encoding: chunked\r\nTransfer-encoding: CHUNKED\r\n"),
                Arguments.of(
                        Rejection.BAD_TRANSFER_ENCODING,
                        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"),
                Arguments.of(Rejection.CONTROL_CHARACTER, "Transfer-Encoding: \u000bchunked\r\n"),
                Arguments.of(Rejection.CONTROL_CHARACTER, "Transfer-Encoding: chunked\u000c\r\n"),
                Arguments.of(Rejection.BAD_TRANSFER_ENCODING, "Transfer-Encoding:\r\n chunked\r\n"),
                Arguments.of(Rejection.BARE_LF, "Transfer-Encoding: chunked\nContent-Length: 5\r\n"));
    }

    @ParameterizedTest
    @MethodSource("brokenFramings")
    void refuses_a_body_whose_end_could_be_doubted(Rejection why, String lines) {
        refuses(why, "POST / HTTP/1.1\r\nHost: h\r\n" + lines + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Transfer-Encoding: chunked", "TRANSFER-ENCODING:\tCHUNKED \t", "transfer-encoding:Chunked"})
    void takes_chunked_in_any_case_of_letters(String line) {
        accepts("POST / HTTP/1.1\r\nHost: h\r\n" + line + "\r\n\r\n");
        assertThat(head.isChunked()).isTrue();
    }

    @Test
    void reads_a_length_with_white_space_around_it() {
        accepts("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: \t 0042 \t \r\n\r\n");
        assertThat(head.contentLength()).isEqualTo(42);
        assertThat(head.isChunked()).isFalse();
    }

    @Test
    void reads_a_length_of_eighteen_digits() {
        accepts("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 999999999999999999\r\n\r\n");
        assertThat(head.contentLength()).isEqualTo(999_999_999_999_999_999L);
    }

    /** RFC 9112, section 6.1. */
    @Test
    void refuses_a_transfer_coding_in_http_1_0() {
        refuses(Rejection.BAD_TRANSFER_ENCODING, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n");
    }

    @Test
    void refuses_an_http_1_1_request_without_host() {
        refuses(Rejection.MISSING_HOST, "GET / HTTP/1.1\r\n\r\n");
        refuses(Rejection.MISSING_HOST, "GET http://h/ HTTP/1.1\r\n\r\n");
    }

    @Test
    void takes_an_http_1_0_request_without_host() {
        accepts("GET / HTTP/1.0\r\n\r\n");
        assertThat(head.isHttp11()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "1.1"})
    void refuses_a_repeated_host(String version) {
        refuses(Rejection.REPEATED_HOST, "GET / HTTP/" + version + "\r\nHost: h\r\nhost: h\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":80",
                "a b",
                "a,b",
                "a:b",
                "a:80:80",
                "a:80x",
                "user@a",
                "a/b",
                "a?b",
                "a#b",
                "a\\b",
                "a\"b",
                "http://a",
                "\u00e4",
                "::1",
                "[::1",
                "[]",
                "[::1]x",
                "[::g]",
                "[fe80::1%eth0]",
                "[::1]:8o"
            })
    void refuses_a_host_that_is_none(String host) {
        refuses(Rejection.BAD_HOST, "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a", "a.example", "a:80", "a:", "127.0.0.1:8080", "[::1]", "[::ffff:1.2.3.4]:80", "a_b", "a%20b"
            })
    void takes_a_host_with_an_optional_port(String host) {
        accepts("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    }

    @Test
    void takes_a_head_of_exactly_the_limit() {
        accepts(headOf(LIMIT));
        accepts(headOf(LIMIT - 1));
    }

    @Test
    void refuses_a_head_of_one_byte_over_the_limit() {
        refuses(Rejection.HEAD_TOO_LARGE, headOf(LIMIT + 1));
    }

    @Test
    void refuses_a_head_that_has_not_ended_within_the_limit() {
        String text = headOf(LIMIT + 1);
        assertThat(scan(text.substring(0, LIMIT - 1))).isEqualTo(Scan.INCOMPLETE);
        refuses(Rejection.HEAD_TOO_LARGE, text.substring(0, LIMIT));
    }

    @Test
    void refuses_a_request_line_that_has_not_ended_within_the_limit() {
        String target = "/" + "a".repeat(LIMIT - "GET / HTTP/1.1\r\n".length());
        String line = "GET " + target + " HTTP/1.1\r\n";
        refuses(Rejection.HEAD_TOO_LARGE, line);
        assertThat(scan(line.substring(0, LIMIT - 1))).isEqualTo(Scan.INCOMPLETE);
        refuses(Rejection.TARGET_TOO_LONG, "GET " + target + "a HTTP/1.1\r\n");
        refuses(Rejection.TARGET_TOO_LONG, "GET " + target.repeat(2));
    }

    @Test
    void refuses_empty_lines_without_end() {
        assertThat(scan("\r\n".repeat(LIMIT / 2 - 1))).isEqualTo(Scan.INCOMPLETE);
        refuses(Rejection.TARGET_TOO_LONG, "\r\n".repeat(LIMIT / 2));
    }

    @Test
    void does_not_count_the_next_request_into_the_limit() {
        String text = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
        byte[] bytes = (text + "x".repeat(2 * LIMIT)).getBytes(ISO_8859_1);
        assertThat(head.scan(bytes, 0, bytes.length)).isEqualTo(text.length());
    }

    @Test
    void answers_each_rejection_with_the_status_of_the_contract() {
        assertThat(Rejection.TARGET_TOO_LONG.status()).isEqualTo(414);
        assertThat(Rejection.HEAD_TOO_LARGE.status()).isEqualTo(431);
        assertThat(Rejection.UNKNOWN_VERSION.status()).isEqualTo(505);
        assertThat(Rejection.TWO_FRAMINGS.status()).isEqualTo(400);
        assertThat(Rejection.MISSING_HOST.status()).isEqualTo(400);
    }

    static Stream<Arguments> persistence() {
        return Stream.of(
                Arguments.of("1.1", "A: b", true),
                Arguments.of("1.1", "Connection: close", false),
                Arguments.of("1.1", "Connection: foo, CLOSE", false),
                Arguments.of("1.1", "Connection: foo\r\nConnection: close", false),
                Arguments.of("1.1", "Connection: keep-alive, close", false),
                Arguments.of("1.1", "Connection: closed", true),
                Arguments.of("1.0", "A: b", false),
                Arguments.of("1.0", "Connection: Keep-Alive", true),
                Arguments.of("1.0", "Connection: keep-alive, close", false));
    }

    /** RFC 9112, section 9.3. */
    @ParameterizedTest
    @MethodSource("persistence")
    void knows_whether_the_connection_persists(String version, String line, boolean persistent) {
        accepts("GET / HTTP/" + version + "\r\nHost: h\r\n" + line + "\r\n\r\n");
        assertThat(head.isPersistent()).isEqualTo(persistent);
    }

    /** IANA's HTTP Method Registry: all but CONNECT, LOCK, PATCH and POST. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ACL",
                "BASELINE-CONTROL",
                "BIND",
                "CHECKIN",
                "CHECKOUT",
                "COPY",
                "DELETE",
                "GET",
                "HEAD",
                "LABEL",
                "LINK",
                "MERGE",
                "MKACTIVITY",
                "MKCALENDAR",
                "MKCOL",
                "MKREDIRECTREF",
                "MKWORKSPACE",
                "MOVE",
                "OPTIONS",
                "ORDERPATCH",
                "PROPFIND",
                "PROPPATCH",
                "PUT",
                "QUERY",
                "REBIND",
                "REPORT",
                "SEARCH",
                "TRACE",
                "UNBIND",
                "UNCHECKOUT",
                "UNLINK",
                "UNLOCK",
                "UPDATE",
                "UPDATEREDIRECTREF",
                "VERSION-CONTROL"
            })
    void knows_the_idempotent_methods(String method) {
        accepts(method + " / HTTP/1.1\r\nHost: h\r\n\r\n");
        assertThat(head.isIdempotent()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST",
                "PATCH",
                "LOCK",
                "get",
                "GETS",
                "GE",
                "Propfind",
                "VERSION_CONTROL",
                "PURGE",
                "SUBSCRIBE",
                "A-METHOD-LONGER-THAN-ANY"
            })
    void takes_no_other_method_for_idempotent(String method) {
        accepts(method + " / HTTP/1.1\r\nHost: h\r\n\r\n");
        assertThat(head.isIdempotent()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH"})
    void knows_the_methods_whose_content_servers_read(String method) {
        accepts(method + " / HTTP/1.1\r\nHost: h\r\n\r\n");
        assertThat(head.contentIsRead()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "QUERY", "post", "POSTS", "FOO"})
    void trusts_no_server_to_read_the_content_of_another_method(String method) {
        accepts(method + " / HTTP/1.1\r\nHost: h\r\n\r\n");
        assertThat(head.contentIsRead()).isFalse();
    }

    /** 4,000 options against 2,000 lines took 20 ms of an event loop. */
    @Test
    void refuses_a_connection_that_names_more_headers_than_could_be_looked_for() {
        String most = "a,".repeat(31) + "b";
        accepts("GET / HTTP/1.1\r\nHost: h\r\nConnection: " + most + ", close\r\n\r\n");
        refuses(Rejection.BAD_CONNECTION, "GET / HTTP/1.1\r\nHost: h\r\nConnection: " + most + ",c\r\n\r\n");
        refuses(
                Rejection.BAD_CONNECTION,
                "GET / HTTP/1.1\r\nHost: h\r\nConnection: " + most + "\r\nConnection: c\r\n\r\n");
    }

    static Stream<Arguments> prefixes() {
        return Stream.of(
                Arguments.of("/admin", true),
                Arguments.of("/admin/status", true),
                Arguments.of("/admin?x", true),
                Arguments.of("http://h/admin", true),
                Arguments.of("/administrator", false),
                Arguments.of("/Admin", false),
                Arguments.of("//admin", false),
                Arguments.of("/a", false),
                Arguments.of("http://h", false),
                Arguments.of("http://h?/admin", false));
    }

    @ParameterizedTest
    @MethodSource("prefixes")
    void finds_a_path_below_a_prefix_at_segment_boundaries_only(String target, boolean within) {
        accepts("GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n");
        assertThat(head.pathIsWithin("/admin")).isEqualTo(within);
    }

    @ParameterizedTest
    @CsvSource({
        "/ready, true",
        "/ready?x=1, true",
        "http://h/ready, true",
        "/ready/, false",
        "/ready/x, false",
        "/readyx, false",
        "/read, false",
        "//ready, false",
        "/Ready, false"
    })
    void compares_a_whole_path_and_ignores_the_query(String target, boolean is) {
        accepts("GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n");
        assertThat(head.pathIs("/ready")).isEqualTo(is);
    }

    @Test
    void knows_that_the_client_waits_for_continue() {
        accepts("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nExpect: 100-Continue\r\n\r\n");
        assertThat(head.expectsContinue()).isTrue();
        accepts("POST / HTTP/1.0\r\nHost: h\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n");
        assertThat(head.expectsContinue()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "WebSocket", "wh2", "foo/1, websocket"})
    void knows_who_asks_for_another_protocol(String protocol) {
        accepts("GET / HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: " + protocol + "\r\n\r\n");
        assertThat(head.isUpgrade()).isTrue();
    }

    /** A target that went along would get requests that nobody has scanned. */
    @ParameterizedTest
    @ValueSource(strings = {"h2c", "H2C", "h2", "h2c-14", "websocket, h2c", "h2c,websocket", "foo/h2c"})
    void takes_http_2_for_no_other_protocol(String protocol) {
        accepts("GET / HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: " + protocol + "\r\n\r\n");
        assertThat(head.isUpgrade()).isFalse();
    }

    @Test
    void takes_more_lines_than_it_has_room_for_at_first() {
        RequestHead large = new RequestHead(16 * 1024);
        String text = "GET / HTTP/1.1\r\nHost: h\r\n" + "a:\r\n".repeat(3000) + "\r\n";
        byte[] bytes = text.getBytes(ISO_8859_1);
        assertThat(large.scan(bytes, 0, bytes.length)).isEqualTo(bytes.length);
        assertThat(large.fields().size()).isEqualTo(3001);
    }

    private static String headOf(int length) {
        String text = "GET / HTTP/1.1\r\nHost: h\r\nA: \r\n\r\n";
        return text.replace("A: ", "A: " + "a".repeat(length - text.length()));
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
