package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestRewriterTest {

    private static final String ID = "0123456789abcdef";
    private static final ForgedFields FORGED =
            ForgedFields.of(List.of("X-Real-IP", "X-Forwarded-Prefix", "X-Forwarded-Ssl", "X_Odd", "Referer"));
    private static final ClientInfo STRANGER = new ClientInfo("192.0.2.7", "http", "192.0.2.1:80", false);
    private static final ClientInfo STRANGER_V6 = new ClientInfo("2001:db8::7", "https", "[::1]:443", false);
    private static final ClientInfo FRONT_PROXY = new ClientInfo("10.0.0.2", "http", "10.0.0.1:80", true);

    /** What a stranger's request to host h gets behind its own lines. */
    private static final String STRANGER_LINES = "X-Forwarded-For: 192.0.2.7\r\n"
            + "X-Forwarded-Proto: http\r\n"
            + "Forwarded: for=192.0.2.7;proto=http;host=\"h\"\r\n"
            + "X-Forwarded-Host: h\r\n"
            + "X-Forwarded-Port: 80\r\n"
            + "X-Request-Id: " + ID + "\r\n\r\n";

    @Test
    void passes_other_lines_on_in_their_order_and_to_the_letter() {
        String lines = "Host: h\r\naccept:*/*\r\nX-A:  \t1 \r\nCookie: a=\u00e4\r\nContent-Length: 0\r\n";
        assertThat(rewritten("GET /a?b HTTP/1.1\r\n" + lines + "\r\n", STRANGER))
                .isEqualTo("GET /a?b HTTP/1.1\r\n" + lines + STRANGER_LINES);
    }

    @Test
    void writes_the_certificate_of_a_client_and_nobody_elses() {
        String forged = "Client-Cert: :Zm9yZ2Vk:\r\nclient_cert: :eA==:\r\nClient-Cert-Chain: :eQ==:\r\n";
        String head = "GET / HTTP/1.1\r\nHost: h\r\n";
        assertThat(rewritten(head + forged + "Connection: Client-Cert\r\n\r\n", STRANGER))
                .isEqualTo(head + STRANGER_LINES);
        assertThat(rewritten(head + forged + "\r\n", STRANGER.withCertificate(new byte[] {1, 2, 3})))
                .isEqualTo(head + "Client-Cert: :AQID:\r\n" + STRANGER_LINES);
        assertThat(rewritten(head + forged + "\r\n", FRONT_PROXY))
                .contains("Client-Cert: :Zm9yZ2Vk:\r\nClient-Cert-Chain: :eQ==:\r\n")
                .doesNotContain("client_cert");
        assertThat(rewritten(head + "\r\n", STRANGER.withCertificate(new byte[16 * 1024 + 1])))
                .isEqualTo(head + STRANGER_LINES);
    }

    @Test
    void leaves_empty_lines_before_the_request_out() {
        assertThat(rewritten("\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", STRANGER))
                .startsWith("GET / HTTP/1.1\r\nHost: h\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection: close",
                "connection: keep-alive",
                "Keep-Alive: timeout=5",
                "Proxy-Connection: keep-alive",
                "TE: gzip",
                "Upgrade: h2c",
                "Connection: X-Mine\r\nX-Mine: 1",
                "X-Mine: 1\r\nConnection: close, x-mine",
                "X-Mine: 1\r\nConnection: ,,x-MINE\t;\r\nX-Mine: 2",
                "Connection: a\r\nConnection: b\r\nA: 1\r\nB: 2"
            })
    void removes_what_ends_at_this_hop(String lines) {
        assertThat(rewritten("GET / HTTP/1.1\r\nHost: h\r\n" + lines + "\r\nX-Last: 1\r\n\r\n", STRANGER))
                .isEqualTo("GET / HTTP/1.1\r\nHost: h\r\nX-Last: 1\r\n" + STRANGER_LINES);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Host", "Content-Length", "X-Forwarded-For", "X-Forwarded-Proto", "X-Request-Id", "Forwarded"})
    void never_lets_connection_name_framing_routing_or_what_turnout_adds(String name) {
        String text = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nConnection: " + name + "\r\n\r\n";
        assertThat(rewritten(text, STRANGER))
                .isEqualTo("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n" + STRANGER_LINES);
    }

    @Test
    void never_lets_connection_name_transfer_encoding() {
        String text =
                "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nConnection: transfer-encoding\r\n\r\n";
        assertThat(rewritten(text, STRANGER))
                .isEqualTo("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n" + STRANGER_LINES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TE: trailers", "te: Trailers", "TE: gzip, trailers", "Connection: TE\r\nTE: trailers"})
    void passes_te_trailers_with_the_option_that_keeps_it_on_this_hop(String lines) {
        assertThat(rewritten("GET / HTTP/1.1\r\nHost: h\r\n" + lines + "\r\n\r\n", STRANGER))
                .isEqualTo("GET / HTTP/1.1\r\nHost: h\r\nTE: trailers\r\nConnection: TE\r\n" + STRANGER_LINES);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Forwarded-For: 1.1.1.1",
                "X-Forwarded-For: 1.1.1.1\r\nx-forwarded-for: 2.2.2.2",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: evil",
                "X-Forwarded-Port: 1",
                "Forwarded: for=evil",
                "X-Request-Id: mine",
                "X-Turnout-Front: 1",
                "X-Turnout-Slot: green"
            })
    void replaces_what_a_stranger_says_of_itself(String lines) {
        assertThat(rewritten("GET / HTTP/1.1\r\nHost: h\r\n" + lines + "\r\n\r\n", STRANGER))
                .isEqualTo("GET / HTTP/1.1\r\nHost: h\r\n" + STRANGER_LINES);
    }

    @Test
    void writes_an_ipv6_peer_in_brackets_and_quotes_where_rfc_7239_wants_them() {
        assertThat(rewritten("GET / HTTP/1.1\r\nHost: [::2]:1\r\n\r\n", STRANGER_V6))
                .isEqualTo("GET / HTTP/1.1\r\nHost: [::2]:1\r\n"
                        + "X-Forwarded-For: 2001:db8::7\r\n"
                        + "X-Forwarded-Proto: https\r\n"
                        + "Forwarded: for=\"[2001:db8::7]\";proto=https;host=\"[::2]:1\"\r\n"
                        + "X-Forwarded-Host: [::2]:1\r\n"
                        + "X-Forwarded-Port: 1\r\n"
                        + "X-Request-Id: " + ID + "\r\n\r\n");
    }

    @Test
    void adds_all_of_its_lines_for_a_trusted_proxy_that_says_nothing() {
        assertThat(rewritten("GET / HTTP/1.1\r\nHost: h\r\n\r\n", FRONT_PROXY))
                .isEqualTo("GET / HTTP/1.1\r\nHost: h\r\n"
                        + "X-Forwarded-For: 10.0.0.2\r\n"
                        + "X-Forwarded-Proto: http\r\n"
                        + "X-Forwarded-Port: 80\r\n"
                        + "X-Forwarded-Host: h\r\n"
                        + "Forwarded: for=10.0.0.2;proto=http;host=\"h\"\r\n"
                        + "X-Request-Id: " + ID + "\r\n\r\n");
    }

    @Test
    void appends_to_the_lists_of_a_trusted_proxy_and_keeps_its_word() {
        String text = "GET / HTTP/1.1\r\nHost: h\r\n"
                + "X-Forwarded-For: 1.1.1.1, 2.2.2.2\r\n"
                + "X-Forwarded-Proto: https\r\n"
                + "X-Forwarded-For:\r\n"
                + "X-Forwarded-For: 3.3.3.3\r\n"
                + "X-Forwarded-Port: 443\r\n"
                + "X-Forwarded-Host: shop\r\n"
                + "Forwarded: for=1.1.1.1\r\n"
                + "X-Request-Id: theirs\r\n\r\n";
        assertThat(rewritten(text, FRONT_PROXY))
                .isEqualTo("GET / HTTP/1.1\r\nHost: h\r\n"
                        + "X-Forwarded-Proto: https\r\n"
                        + "X-Forwarded-Port: 443\r\n"
                        + "X-Forwarded-Host: shop\r\n"
                        + "X-Request-Id: theirs\r\n"
                        + "X-Forwarded-For: 1.1.1.1, 2.2.2.2, 3.3.3.3, 10.0.0.2\r\n"
                        + "Forwarded: for=1.1.1.1, for=10.0.0.2\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Turnout-Front: 1", "X-Turnout-Slot: green", "Connection: X-Forwarded-For", "Upgrade: x"})
    void removes_its_own_and_hop_by_hop_lines_of_a_trusted_proxy_too(String line) {
        assertThat(rewritten("GET / HTTP/1.1\r\nHost: h\r\n" + line + "\r\n\r\n", FRONT_PROXY))
                .startsWith("GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 10.0.0.2\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X_Forwarded_For: 6.6.6.6",
                "x_forwarded-FOR: 6.6.6.6",
                "X-Forwarded_Proto: https",
                "X_Forwarded_Host: evil",
                "X_Forwarded_Port: 1",
                "X_Request_Id: mine",
                "X_Turnout_Front: 1",
                "X-Turnout_Slot: green",
                "X_Real_IP: 6.6.6.6",
                "X_Forwarded_Prefix: /evil",
                "X-Odd: 1",
                "Content_Length: 5",
                "Transfer_Encoding: chunked",
                "Proxy_Connection: keep-alive",
                "X.Forwarded.For: 6.6.6.6",
                "X~Real|IP: 6.6.6.6"
            })
    void removes_what_only_its_separators_tell_from_a_field_of_turnout_s_from_everybody(String line) {
        String text = "GET / HTTP/1.1\r\nHost: h\r\n" + line + "\r\nX-Last: 1\r\n\r\n";
        assertThat(rewritten(text, STRANGER)).isEqualTo("GET / HTTP/1.1\r\nHost: h\r\nX-Last: 1\r\n" + STRANGER_LINES);
        assertThat(rewritten(text, FRONT_PROXY))
                .startsWith("GET / HTTP/1.1\r\nHost: h\r\nX-Last: 1\r\nX-Forwarded-For: 10.0.0.2\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Real-IP: 6.6.6.6",
                "x-forwarded-prefix: /evil",
                "X-Forwarded-Ssl: off",
                "X_Odd: 1",
                "referer: x",
                "X-Forwarded-Prefix: /a\r\nX-FORWARDED-PREFIX: /b"
            })
    void takes_the_fields_that_are_listed_from_a_trusted_proxy_only(String lines) {
        String text = "GET / HTTP/1.1\r\nHost: h\r\n" + lines + "\r\n\r\n";
        assertThat(rewritten(text, STRANGER)).isEqualTo("GET / HTTP/1.1\r\nHost: h\r\n" + STRANGER_LINES);
        assertThat(rewritten(text, FRONT_PROXY))
                .startsWith("GET / HTTP/1.1\r\nHost: h\r\n" + lines + "\r\nX-Forwarded-For: 10.0.0.2\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "User_Agent: 1",
                "X_Forwarded_Fo: 1",
                "X_Forwarded_Fork: 1",
                "XForwardedFor: 1",
                "X-Real-IPs: 1",
                "Forwardeds: 1",
                "X-HTTP-Method-Override: PUT"
            })
    void passes_every_other_name(String line) {
        assertThat(rewritten("GET / HTTP/1.1\r\nHost: h\r\n" + line + "\r\n\r\n", STRANGER))
                .isEqualTo("GET / HTTP/1.1\r\nHost: h\r\n" + line + "\r\n" + STRANGER_LINES);
    }

    static Stream<Arguments> hosts() {
        return Stream.of(
                Arguments.of("h", STRANGER, "80"),
                Arguments.of("h:81", STRANGER, "81"),
                Arguments.of("h:", STRANGER, "80"),
                Arguments.of("h:99999", STRANGER, "80"),
                Arguments.of("h8080", STRANGER, "80"),
                Arguments.of("[::1]", STRANGER, "80"),
                Arguments.of("[::1]:8443", STRANGER, "8443"),
                Arguments.of("h", STRANGER_V6, "443"),
                Arguments.of("h:80", STRANGER_V6, "80"),
                Arguments.of("h", FRONT_PROXY, "80"),
                Arguments.of("h:81", FRONT_PROXY, "81"));
    }

    /** Not the port that Turnout listens on: that may be another one than the client's, behind a mapping of ports. */
    @ParameterizedTest
    @MethodSource("hosts")
    void names_the_port_that_the_client_used(String host, ClientInfo client, String port) {
        assertThat(rewritten("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n", client))
                .contains("X-Forwarded-Port: " + port + "\r\n");
    }

    @Test
    void names_the_port_that_a_client_without_host_has_come_to() {
        assertThat(rewritten("GET / HTTP/1.0\r\n\r\n", STRANGER_V6))
                .contains("Host: [::1]:443\r\n")
                .contains("X-Forwarded-Port: 443\r\n");
    }

    /** RFC 9110, section 10.1.1. */
    @Test
    void passes_no_expect_of_an_http_1_0_client() {
        assertThat(rewritten("POST / HTTP/1.0\r\nHost: h\r\nExpect: 100-continue\r\n\r\n", STRANGER))
                .isEqualTo("POST / HTTP/1.1\r\nHost: h\r\n" + STRANGER_LINES);
        assertThat(rewritten("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n\r\n", STRANGER))
                .isEqualTo("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n" + STRANGER_LINES);
    }

    @Test
    void sends_no_te_with_an_upgrade() {
        assertThat(rewritten(
                        "GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, TE\r\nUpgrade: x\r\nTE: trailers\r\n\r\n",
                        STRANGER))
                .isEqualTo("GET / HTTP/1.1\r\nHost: h\r\nUpgrade: x\r\nConnection: Upgrade\r\n" + STRANGER_LINES);
    }

    static Stream<Arguments> absoluteForms() {
        return Stream.of(
                Arguments.of("GET http://a:81/b?c", "GET /b?c", "a:81"),
                Arguments.of("GET HTTPS://a/", "GET /", "a"),
                Arguments.of("GET http://a", "GET /", "a"),
                Arguments.of("GET http://a?b", "GET /?b", "a"),
                Arguments.of("OPTIONS http://a", "OPTIONS *", "a"),
                Arguments.of("OPTIONS http://a/", "OPTIONS /", "a"),
                Arguments.of("OPTIONS http://a?b", "OPTIONS /?b", "a"));
    }

    /** RFC 9112, section 3.2.2: the host of the target stands for that of the field. */
    @ParameterizedTest
    @MethodSource("absoluteForms")
    void turns_absolute_form_into_origin_form_with_the_host_of_the_target(String line, String sent, String host) {
        String text = line + " HTTP/1.1\r\nA: 1\r\nHost: other\r\nB: 2\r\n\r\n";
        assertThat(rewritten(text, STRANGER))
                .isEqualTo(sent + " HTTP/1.1\r\nHost: " + host + "\r\nA: 1\r\nB: 2\r\n"
                        + STRANGER_LINES
                                .replace("\"h\"", "\"" + host + "\"")
                                .replace("Host: h\r", "Host: " + host + "\r")
                                .replace("Port: 80", host.endsWith(":81") ? "Port: 81" : "Port: 80"));
    }

    @Test
    void gives_an_http_1_0_request_without_host_the_address_that_it_came_to() {
        assertThat(rewritten("GET / HTTP/1.0\r\nA: 1\r\n\r\n", STRANGER))
                .isEqualTo("GET / HTTP/1.1\r\nHost: 192.0.2.1:80\r\nA: 1\r\n"
                        + STRANGER_LINES
                                .replace("\"h\"", "\"192.0.2.1:80\"")
                                .replace("Host: h\r", "Host: 192.0.2.1:80\r"));
    }

    @Test
    void gives_an_http_1_0_request_with_absolute_form_its_host() {
        assertThat(rewritten("GET http://h/ HTTP/1.0\r\n\r\n", STRANGER))
                .isEqualTo("GET / HTTP/1.1\r\nHost: h\r\n" + STRANGER_LINES);
    }

    @Test
    void keeps_asterisk_form() {
        assertThat(rewritten("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", STRANGER))
                .startsWith("OPTIONS * HTTP/1.1\r\nHost: h\r\n");
    }

    @Test
    void keeps_every_byte_of_a_path() {
        String path = "//a/../b/%2e%2E/./;x=1/\\?q=%00&a=[|]\"<>";
        assertThat(rewritten("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n", STRANGER))
                .startsWith("GET " + path + " HTTP/1.1\r\n");
    }

    @Test
    void writes_the_lines_of_the_caller() {
        assertThat(rewritten(
                        "GET / HTTP/1.1\r\nHost: h\r\nX-Turnout-Front: forged\r\n\r\n",
                        STRANGER,
                        "X-Turnout-Front: 1\r\n"))
                .isEqualTo("GET / HTTP/1.1\r\nHost: h\r\nX-Turnout-Front: 1\r\n" + STRANGER_LINES);
    }

    @Test
    void writes_the_id_of_each_request() {
        byte[] id = ID.getBytes(ISO_8859_1);
        RequestRewriter rewriter = new RequestRewriter(id, FORGED, null);
        RequestHead head = scanned("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        id[0] = 'f';
        HeadWriter out = new HeadWriter();
        rewriter.rewrite(head, STRANGER, 0, new byte[0], RequestRewriter.AS_FRAMED, out);
        assertThat(text(out)).contains("X-Request-Id: f" + ID.substring(1) + "\r\n");
    }

    @Test
    void writes_a_head_that_is_larger_than_the_writer_at_first() {
        String lines = "Host: h\r\n" + "A: b\r\n".repeat(2000);
        assertThat(rewritten("GET / HTTP/1.1\r\n" + lines + "\r\n", STRANGER))
                .isEqualTo("GET / HTTP/1.1\r\n" + lines + STRANGER_LINES);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 9, 10, 12345, Long.MAX_VALUE})
    void announces_a_length_in_place_of_a_chunked_coding_and_its_trailer(long length) {
        String text = "POST / HTTP/1.1\r\nHost: h\r\ntransfer-encoding: Chunked\r\nA: 1\r\nTrailer: B\r\n\r\n";
        HeadWriter out = new HeadWriter();
        new RequestRewriter(ID.getBytes(ISO_8859_1), FORGED, null)
                .rewrite(scanned(text), STRANGER, 0, new byte[0], length, out);
        assertThat(text(out))
                .isEqualTo("POST / HTTP/1.1\r\nHost: h\r\nA: 1\r\nContent-Length: " + length + "\r\n" + STRANGER_LINES);
    }

    @Test
    void keeps_a_chunked_coding_and_its_trailer_as_framed() {
        String lines = "Host: h\r\nTransfer-Encoding: chunked\r\nTrailer: B\r\n";
        assertThat(rewritten("POST / HTTP/1.1\r\n" + lines + "\r\n", STRANGER))
                .isEqualTo("POST / HTTP/1.1\r\n" + lines + STRANGER_LINES);
    }

    private static RequestHead scanned(String text) {
        RequestHead head = new RequestHead(16 * 1024);
        byte[] bytes = text.getBytes(ISO_8859_1);
        assertThat(head.scan(bytes, 0, bytes.length)).as(text).isEqualTo(bytes.length);
        return head;
    }

    private static String rewritten(String text, ClientInfo client) {
        return rewritten(text, client, "");
    }

    private static String rewritten(String text, ClientInfo client, String extra) {
        HeadWriter out = new HeadWriter();
        new RequestRewriter(ID.getBytes(ISO_8859_1), FORGED, null)
                .rewrite(scanned(text), client, 0, extra.getBytes(ISO_8859_1), RequestRewriter.AS_FRAMED, out);
        return text(out);
    }

    private static String text(HeadWriter out) {
        return new String(out.bytes(), 0, out.length(), ISO_8859_1);
    }
}
