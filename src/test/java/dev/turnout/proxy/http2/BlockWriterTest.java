package dev.turnout.proxy.http2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.http1.FieldLines;
import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.http1.ResponseHead;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class BlockWriterTest {

    private static final byte[] NO_DATE = {};
    private static final byte[] DATE = "Date: Thu, 26 Nov 2026 23:00:00 GMT\r\n".getBytes(ISO_8859_1);
    private static final byte[] NOTHING = {};
    private static final String DATE_FIELD = "date: Thu, 26 Nov 2026 23:00:00 GMT";

    private final BlockWriter writer = new BlockWriter();
    private final HeadWriter out = new HeadWriter();

    // --- Responses -------------------------------------------------------------------------------------------------

    @Test
    void writes_the_status_and_the_fields_in_lower_case() {
        assertThat(response("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Mixed-Case: Value\r\n\r\n"))
                .containsExactly(":status: 200", "content-type: text/html", "x-mixed-case: Value", DATE_FIELD);
    }

    @Test
    void keeps_a_date_that_is_there() {
        assertThat(response("HTTP/1.1 200 OK\r\nDate: then\r\n\r\n")).containsExactly(":status: 200", "date: then");
    }

    @Test
    void leaves_out_what_ends_at_this_hop() {
        assertThat(response("HTTP/1.1 200 OK\r\nConnection: close, X-Hop\r\nKeep-Alive: timeout=5\r\nX-Hop: 1\r\n"
                        + "Transfer-Encoding: chunked\r\nUpgrade: h2c\r\nProxy-Connection: x\r\nX-Turnout: evil\r\n"
                        + "Trailer: grpc-status\r\nDate: d\r\n\r\n"))
                .containsExactly(":status: 200", "trailer: grpc-status", "date: d");
    }

    @Test
    void keeps_the_length_but_where_there_is_none() {
        assertThat(response("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nDate: d\r\n\r\n"))
                .containsExactly(":status: 200", "content-length: 5", "date: d");
        assertThat(response("HTTP/1.1 204 No\r\nContent-Length: 0\r\nDate: d\r\n\r\n"))
                .containsExactly(":status: 204", "date: d");
    }

    @Test
    void writes_interim_responses_without_a_date() {
        assertThat(response("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"))
                .containsExactly(":status: 103", "link: </a>");
    }

    /** RFC 8441. */
    @Test
    void makes_200_of_a_101() {
        assertThat(response("HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Accept: x\r\nSec-WebSocket-Protocol: chat\r\n\r\n"))
                .containsExactly(":status: 200", "sec-websocket-protocol: chat", DATE_FIELD);
    }

    @Test
    void adds_the_lines_it_is_told() {
        String lines = "Set-Cookie: a=b; Path=/\r\nX-Empty: \r\n";
        write("HTTP/1.1 200 OK\r\nDate: d\r\n\r\n", lines.getBytes(ISO_8859_1));
        assertThat(lines()).containsExactly(":status: 200", "date: d", "set-cookie: a=b; Path=/", "x-empty: ");
    }

    @Test
    void writes_another_date_in_another_second() {
        write("HTTP/1.1 200 OK\r\n\r\n", NOTHING);
        scan("HTTP/1.1 200 OK\r\n\r\n");
        writer.response(head, "Date: later\r\n".getBytes(ISO_8859_1), NOTHING, out.clear());
        assertThat(lines()).containsExactly(":status: 200", "date: later");
    }

    static IntStream statuses() {
        return IntStream.range(100, 600).filter(status -> status != 101);
    }

    @ParameterizedTest
    @MethodSource("statuses")
    void writes_every_status(int status) {
        assertThat(response("HTTP/1.1 " + status + " x\r\nDate: d\r\n\r\n"))
                .containsExactly(":status: " + status, "date: d");
    }

    /** RFC 7541, section 7.1.3. */
    @Test
    void lets_nobody_index_a_cookie() {
        write("HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nDate: d\r\n\r\n", NOTHING);
        assertThat(bytes()).isEqualTo(Blocks.hex("88 1f28 0161 0f12 0164"));
    }

    @Test
    void begins_a_connection_with_no_dynamic_table() throws Exception {
        DefaultHttp2HeadersDecoder peer = new DefaultHttp2HeadersDecoder(true);
        writer.first(out.clear());
        writer.reply(404, "X-Turnout: no-route\r\n".getBytes(ISO_8859_1), NO_DATE, out);
        assertThat(Blocks.decoded(peer, bytes())).hasSize(2);
        peer.maxHeaderTableSize(0);
        writer.reply(404, "X-Turnout: no-route\r\n".getBytes(ISO_8859_1), NO_DATE, out.clear());
        assertThat(Blocks.decoded(peer, bytes())).hasSize(2);
    }

    @Test
    void writes_long_names_and_values() {
        String name = "x-" + "n".repeat(300);
        String value = "v".repeat(20_000);
        assertThat(response("HTTP/1.1 200 OK\r\nDate: d\r\n" + name + ": " + value + "\r\n\r\n"))
                .containsExactly(":status: 200", "date: d", name + ": " + value);
    }

    @Test
    void writes_a_trailer_without_framing() {
        String text = "Grpc-Status: 0\r\nContent-Length: 5\r\nConnection: x\r\nx: y\r\n\r\n";
        FieldLines fields = new FieldLines();
        fields.scan(text.getBytes(ISO_8859_1), 0, text.length());
        assertThat(writer.trailer(fields, out.clear())).isTrue();
        assertThat(lines()).containsExactly("grpc-status: 0");
        fields.scan("\r\n".getBytes(ISO_8859_1), 0, 2);
        assertThat(writer.trailer(fields, out.clear())).isFalse();
    }

    // --- Requests --------------------------------------------------------------------------------------------------

    @Test
    void writes_a_request_with_its_pseudo_headers_first() {
        assertThat(request("GET /a?b HTTP/1.1\r\nAccept: */*\r\nHost: h:81\r\nCookie: a=b\r\n\r\n"))
                .containsExactly(
                        ":method: GET",
                        ":scheme: http",
                        ":authority: h:81",
                        ":path: /a?b",
                        "accept: */*",
                        "cookie: a=b");
    }

    @Test
    void leaves_out_of_a_request_what_ends_at_this_hop() {
        assertThat(request("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTE: trailers\r\n"
                        + "Connection: TE, x-hop\r\nX-Hop: 1\r\nKeep-Alive: 1\r\nUpgrade: h2c\r\n\r\n"))
                .containsExactly(":method: POST", ":scheme: http", ":authority: h", ":path: /", "te: trailers");
    }

    @Test
    void makes_an_extended_connect_of_a_websocket() {
        String head = "GET /c HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n\r\n";
        assertThat(request(head))
                .containsExactly(
                        ":method: CONNECT",
                        ":scheme: http",
                        ":authority: h",
                        ":path: /c",
                        ":protocol: websocket",
                        "sec-websocket-version: 13");
        assertThat(BlockWriter.isTunnel(scannedRequest(head))).isTrue();
    }

    @Test
    void writes_methods_that_are_in_no_table() {
        assertThat(request("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n"))
                .containsExactly(":method: OPTIONS", ":scheme: http", ":authority: h", ":path: *");
    }

    private final ResponseHead head = new ResponseHead(64 * 1024);

    private void scan(String text) {
        assertThat(head.scan(text.getBytes(ISO_8859_1), 0, text.length())).isEqualTo(text.length());
    }

    private void write(String text, byte[] lines) {
        scan(text);
        writer.response(head, DATE, lines, out.clear());
    }

    private List<String> response(String text) {
        write(text, NOTHING);
        return lines();
    }

    private static RequestHead scannedRequest(String text) {
        RequestHead request = new RequestHead(64 * 1024);
        assertThat(request.scan(text.getBytes(ISO_8859_1), 0, text.length())).isEqualTo(text.length());
        return request;
    }

    private List<String> request(String text) {
        writer.request(scannedRequest(text), false, out.clear());
        return lines();
    }

    private byte[] bytes() {
        return Arrays.copyOf(out.bytes(), out.length());
    }

    /** Read here and by Netty, in which the names must be in lower case. */
    private List<String> lines() {
        Collected collected = new Collected();
        assertThat(new HpackReader().read(new HpackTable(), out.bytes(), 0, out.length(), collected))
                .isEqualTo(HpackReader.Outcome.WHOLE);
        try {
            List<String> others = Blocks.decoded(new DefaultHttp2HeadersDecoder(false, 1 << 20), bytes()).stream()
                    .map(field -> field.name() + ": " + field.value())
                    .toList();
            assertThat(others).containsExactlyInAnyOrderElementsOf(collected.lines());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        assertThat(collected.lines()).allMatch(Pattern.compile(":?[^A-Z:]+: .*").asMatchPredicate());
        return collected.lines();
    }
}
