package dev.turnout.proxy.http2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.http1.ResponseHead;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BlockReaderTest {

    private static final int LIMIT = 2000;
    private static final byte[] KEY = "dGhlIHNhbXBsZSBub25jZQ==".getBytes(ISO_8859_1);
    private static final byte[] ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=".getBytes(ISO_8859_1);
    private static final String[] GET = {":method=GET", ":scheme=https", ":path=/", ":authority=h"};

    private final BlockReader reader = new BlockReader(LIMIT);
    private final HpackTable table = new HpackTable();

    // --- Requests --------------------------------------------------------------------------------------------------

    @Test
    void writes_a_request_line_a_host_and_the_lines_in_their_order() {
        String head = request(
                true,
                ":method=GET",
                ":path=/a?b=c",
                ":scheme=https",
                ":authority=h:8443",
                "accept=*/*",
                "x-a=1",
                "x-a=2");
        assertThat(head).isEqualTo("GET /a?b=c HTTP/1.1\r\nhost: h:8443\r\naccept: */*\r\nx-a: 1\r\nx-a: 2\r\n\r\n");
    }

    @Test
    void takes_pseudo_headers_in_any_order() {
        assertThat(request(true, ":authority=h", ":path=/", ":scheme=http", ":method=HEAD"))
                .isEqualTo("HEAD / HTTP/1.1\r\nhost: h\r\n\r\n");
    }

    @Test
    void knows_nothing_of_the_block_before() {
        request(false, with("cookie=a=b", "content-length=3", "host=h"));
        assertThat(verdict(true, ":method=GET")).isEqualTo(BlockVerdict.MALFORMED);
        assertThat(request(true, GET)).isEqualTo("GET / HTTP/1.1\r\nhost: h\r\n\r\n");
    }

    @Test
    void chunks_a_body_without_a_length() {
        assertThat(request(false, GET)).endsWith("\r\ntransfer-encoding: chunked\r\n\r\n");
    }

    @Test
    void keeps_the_length_of_a_body() {
        assertThat(request(false, with("content-length=12")))
                .isEqualTo("GET / HTTP/1.1\r\nhost: h\r\ncontent-length: 12\r\n\r\n");
        assertThat(reader.isTunnel()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH"})
    void says_that_there_is_no_content_where_a_method_may_have_some(String method) {
        assertThat(request(true, ":method=" + method, ":scheme=http", ":path=/", ":authority=h"))
                .endsWith("\r\ncontent-length: 0\r\n\r\n");
        assertThat(request(true, ":method=" + method, ":scheme=http", ":path=/", ":authority=h", "content-length=0"))
                .containsOnlyOnce("content-length");
    }

    @Test
    void joins_the_crumbs_of_cookies() {
        assertThat(request(true, with("cookie=a=b", "x=y", "cookie=c=d", "cookie=e=f")))
                .isEqualTo("GET / HTTP/1.1\r\nhost: h\r\nx: y\r\ncookie: a=b; c=d; e=f\r\n\r\n");
    }

    @Test
    void leaves_out_crumbs_of_nothing() {
        assertThat(request(true, with("cookie=", "cookie=a=b", "cookie=")))
                .isEqualTo("GET / HTTP/1.1\r\nhost: h\r\ncookie: a=b\r\n\r\n");
        assertThat(request(true, with("cookie="))).isEqualTo("GET / HTTP/1.1\r\nhost: h\r\n\r\n");
    }

    @Test
    void takes_the_host_of_a_field_where_there_is_no_authority() {
        assertThat(request(true, ":method=GET", ":scheme=http", ":path=/", "host=h"))
                .isEqualTo("GET / HTTP/1.1\r\nhost: h\r\n\r\n");
    }

    @Test
    void takes_a_host_that_says_the_same_as_the_authority() {
        assertThat(request(true, ":method=GET", ":scheme=http", ":path=/", ":authority=H.example", "host=h.EXAMPLE"))
                .isEqualTo("GET / HTTP/1.1\r\nhost: H.example\r\n\r\n");
    }

    @Test
    void leaves_a_missing_host_to_the_scanner() {
        String head = request(true, ":method=GET", ":scheme=http", ":path=/");
        assertThat(new RequestHead(LIMIT).scan(head.getBytes(ISO_8859_1), 0, head.length()))
                .isNegative();
    }

    @Test
    void takes_the_asterisk_of_options() {
        assertThat(request(true, ":method=OPTIONS", ":scheme=http", ":path=*", ":authority=h"))
                .startsWith("OPTIONS * HTTP/1.1\r\n");
    }

    @Test
    void keeps_te_trailers_and_expect() {
        assertThat(request(false, with("te=trailers", "expect=100-continue")))
                .contains("\r\nte: trailers\r\nexpect: 100-continue\r\n");
    }

    /** RFC 8441. */
    @Test
    void makes_an_upgrade_of_an_extended_connect() {
        String head = request(
                false,
                ":method=CONNECT",
                ":protocol=websocket",
                ":scheme=https",
                ":path=/chat",
                ":authority=h",
                "sec-websocket-version=13",
                "sec-websocket-key=evil",
                "origin=https://h");
        assertThat(head)
                .isEqualTo("GET /chat HTTP/1.1\r\nhost: h\r\nsec-websocket-version: 13\r\norigin: https://h\r\n"
                        + "upgrade: websocket\r\nconnection: Upgrade\r\n"
                        + "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        assertThat(reader.isTunnel()).isTrue();
        RequestHead scanned = new RequestHead(LIMIT);
        assertThat(scanned.scan(head.getBytes(ISO_8859_1), 0, head.length())).isEqualTo(head.length());
        assertThat(scanned.isUpgrade()).isTrue();
        assertThat(scanned.isChunked()).isFalse();
    }

    @Test
    void does_not_connect_to_anywhere_nor_for_another_protocol() {
        assertThat(verdict(false, ":method=CONNECT", ":authority=h:443")).isEqualTo(BlockVerdict.UNSUPPORTED);
        assertThat(verdict(
                        false, ":method=CONNECT", ":protocol=connect-udp", ":scheme=https", ":path=/", ":authority=h"))
                .isEqualTo(BlockVerdict.UNSUPPORTED);
        assertThat(reader.isTunnel()).isFalse();
    }

    /** RFC 9113, sections 8.1 to 8.5; the set of HTTP/2 downgrade smuggling. */
    static Stream<String> malformed() {
        return Stream.of(
                // pseudo-headers
                "",
                ":method=GET|:scheme=http",
                ":method=GET|:path=/|:authority=h",
                ":scheme=http|:path=/|:authority=h",
                "GET|:method=GET",
                "GET|:path=/",
                "GET|:authority=h",
                "GET|x=y|:authority=h",
                ":method=GET|:scheme=http|x=y|:path=/",
                "GET|:status=200",
                "GET|:protocol=websocket",
                "GET|:unknown=x",
                "GET|:=x",
                ":Method=GET|:scheme=http|:path=/|:authority=h",
                ":method=CONNECT|:authority=h|:path=/",
                ":method=CONNECT|:authority=h|:scheme=http",
                ":method=CONNECT",
                ":method=CONNECT|:protocol=websocket|:authority=h",
                ":method=CONNECT|:protocol=websocket|:scheme=https|:path=/|:authority=h|content-length=1",
                // values of pseudo-headers
                ":method=|:scheme=http|:path=/|:authority=h",
                ":method=GET /x HTTP/1.1|:scheme=http|:path=/|:authority=h",
                ":method=GET / HTTP/1.1\r\nx: y\r\n\r\nGET|:scheme=http|:path=/|:authority=h",
                ":method=GET\t|:scheme=http|:path=/|:authority=h",
                ":method=GET|:scheme=|:path=/|:authority=h",
                ":method=GET|:scheme=ftp|:path=/|:authority=h",
                ":method=GET|:scheme=http://evil/|:path=/|:authority=h",
                ":method=GET|:scheme=https x|:path=/|:authority=h",
                ":method=GET|:scheme=http|:path=|:authority=h",
                ":method=GET|:scheme=http|:path=x|:authority=h",
                ":method=GET|:scheme=http|:path=*|:authority=h",
                ":method=OPTIONS|:scheme=http|:path=*x|:authority=h",
                ":method=GET|:scheme=http|:path=http://evil/|:authority=h",
                ":method=GET|:scheme=http|:path=/a b|:authority=h",
                ":method=GET|:scheme=http|:path=/ HTTP/1.1\r\nhost: evil|:authority=h",
                ":method=GET|:scheme=http|:path=/\u0000|:authority=h",
                ":method=GET|:scheme=http|:path=/#f|:authority=h",
                ":method=GET|:scheme=http|:path=/\u00e4|:authority=h",
                ":method=GET|:scheme=http|:path=/|:authority=h\r\nx: y",
                ":method=GET|:scheme=http|:path=/|:authority=h x",
                // names
                "GET|=x",
                "GET|X=y",
                "GET|x =y",
                "GET| x=y",
                "GET|x:y=z",
                "GET|x\r\ny=z",
                "GET|x\ny=z",
                "GET|x\u0000=y",
                "GET|x\u007f=y",
                "GET|x\u00e4=y",
                "GET|transfer-encoding: chunked\r\nx=y",
                // values
                "GET|x=a\r\nb",
                "GET|x=a\nb",
                "GET|x=a\rb",
                "GET|x=a\u0000b",
                "GET|x=a\u001fb",
                "GET|x=\u007f",
                "GET|x=y\r\n\r\nGET /evil HTTP/1.1\r\nhost: h",
                "GET|x= y",
                "GET|x=y ",
                "GET|x=\ty",
                "GET|x=y\t",
                "GET|cookie=a=b\r\nx: y",
                // connection
                "GET|connection=close",
                "GET|connection=x",
                "GET|keep-alive=timeout=5",
                "GET|proxy-connection=keep-alive",
                "GET|transfer-encoding=chunked",
                "GET|transfer-encoding=identity",
                "GET|upgrade=h2c",
                "GET|te=gzip",
                "GET|te=trailers, chunked",
                // host
                "GET|host=evil",
                "GET|host=h|host=h",
                ":method=GET|:scheme=http|:path=/|host=h|host=h",
                "GET|host=",
                // length
                "GET|content-length=",
                "GET|content-length=+1",
                "GET|content-length=-1",
                "GET|content-length=1 1",
                "GET|content-length=0x1",
                "GET|content-length=1, 1",
                "GET|content-length=1|content-length=1",
                "GET|content-length=1|content-length=2",
                "GET|content-length=1234567890123456789");
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void refuses_a_malformed_request(String row) {
        String[] rows = Arrays.stream(row.split("\\|"))
                .flatMap(field -> field.equals("GET") ? Arrays.stream(GET) : Stream.of(field))
                .filter(field -> !field.isEmpty())
                .toArray(String[]::new);
        assertThat(verdict(false, rows)).isEqualTo(BlockVerdict.MALFORMED);
        assertThat(verdict(true, rows)).isEqualTo(BlockVerdict.MALFORMED);
    }

    @Test
    void refuses_a_length_without_a_body() {
        assertThat(verdict(true, with("content-length=1"))).isEqualTo(BlockVerdict.MALFORMED);
        assertThat(verdict(true, with("content-length=0"))).isEqualTo(BlockVerdict.WHOLE);
    }

    @Test
    void writes_nothing_of_a_field_that_breaks_the_rules() {
        verdict(true, with("x-before=1", "evil=\r\n\r\nGET /evil", "x-after=1"));
        assertThat(text()).isEqualTo("GET / HTTP/1.1\r\nhost: h\r\nx-before: 1\r\n");
    }

    // --- Limits ----------------------------------------------------------------------------------------------------

    @Test
    void goes_on_decoding_behind_the_limit() {
        byte[] large = Blocks.literals(with("x=" + "y".repeat(LIMIT)));
        byte[] indexing = Blocks.hex("40 0161 0162");
        byte[] block = Arrays.copyOf(large, large.length + indexing.length);
        System.arraycopy(indexing, 0, block, large.length, indexing.length);
        assertThat(reader.request(table, block, 0, block.length, true, KEY)).isEqualTo(BlockVerdict.TOO_LARGE);
        assertThat(table.count()).as("the compression goes on").isOne();
        assertThat(reader.head().length()).isLessThan(LIMIT);
    }

    @Test
    void counts_what_each_field_costs_beside_its_octets() {
        int left = LIMIT - 4 * 32 - ":methodGET:schemehttps:path/:authorityh".length();
        assertThat(verdict(true, with("x=" + "y".repeat(left - 33)))).isEqualTo(BlockVerdict.WHOLE);
        assertThat(verdict(true, with("x=" + "y".repeat(left - 32)))).isEqualTo(BlockVerdict.TOO_LARGE);
    }

    /** An index of one octet that stands for 4,000: the bomb of RFC 7541, section 7.3. */
    @Test
    void decodes_a_block_that_is_far_over_the_limit_into_nothing() {
        byte[] entry = Blocks.literals("x=" + "y".repeat(1900));
        entry[0] = 0x40;
        reader.request(table, entry, 0, entry.length, true, KEY);
        byte[] bomb = new byte[16384];
        Arrays.fill(bomb, (byte) 0xbe);
        assertThat(reader.request(table, bomb, 0, bomb.length, true, KEY)).isEqualTo(BlockVerdict.TOO_LARGE);
        assertThat(reader.head().length()).isLessThan(LIMIT);
    }

    @Test
    void tells_a_broken_block_from_a_malformed_one() {
        byte[] block = Blocks.hex("82 84 87 be");
        assertThat(reader.request(table, block, 0, block.length, true, KEY)).isEqualTo(BlockVerdict.BROKEN);
        assertThat(reader.skip(table, block, 0, block.length)).isEqualTo(BlockVerdict.BROKEN);
    }

    @Test
    void skips_a_block_with_its_entries() {
        byte[] block = Blocks.hex("82 40 0161 0162");
        assertThat(reader.skip(table, block, 0, block.length)).isEqualTo(BlockVerdict.WHOLE);
        assertThat(table.count()).isOne();
    }

    // --- Responses -------------------------------------------------------------------------------------------------

    @Test
    void writes_a_status_line_and_the_lines() {
        assertThat(response(false, ":status=200", "content-length=3", "set-cookie=a=b"))
                .isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 3\r\nset-cookie: a=b\r\n\r\n");
    }

    @Test
    void chunks_a_response_without_a_length() {
        assertThat(response(false, ":status=200")).endsWith("\r\ntransfer-encoding: chunked\r\n\r\n");
        assertThat(response(true, ":status=200")).endsWith("\r\ncontent-length: 0\r\n\r\n");
        assertThat(response(true, ":status=204")).isEqualTo("HTTP/1.1 204 No Content\r\n\r\n");
        assertThat(response(true, ":status=304", "content-length=5")).contains("content-length: 5");
        assertThat(response(false, ":status=103", "link=x")).isEqualTo("HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n");
    }

    @Test
    void lets_the_response_to_head_have_a_length_without_a_body() {
        byte[] block = Blocks.literals(":status=200", "content-length=7");
        assertThat(reader.response(table, block, 0, block.length, true, true, BlockReader.NO_TUNNEL))
                .isEqualTo(BlockVerdict.WHOLE);
        assertThat(text()).isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\n");
    }

    @Test
    void makes_a_101_of_what_opens_a_tunnel() {
        byte[] block = Blocks.literals(":status=200", "sec-websocket-protocol=chat");
        assertThat(reader.response(table, block, 0, block.length, false, false, ACCEPT))
                .isEqualTo(BlockVerdict.WHOLE);
        ResponseHead head = new ResponseHead(LIMIT);
        String text = text();
        assertThat(head.scan(text.getBytes(ISO_8859_1), 0, text.length())).isEqualTo(text.length());
        assertThat(head.isSwitchingProtocols()).isTrue();
        assertThat(head.upgradesToWebSocket()).isTrue();
        assertThat(text).contains("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
    }

    /** RFC 6455, section 1.3. */
    @Test
    void answers_the_key_of_a_websocket() {
        assertThat(WebSocketAccept.of(KEY)).isEqualTo(ACCEPT);
    }

    @Test
    void leaves_a_response_as_it_is_that_opens_no_tunnel() {
        byte[] block = Blocks.literals(":status=403", "content-length=2");
        reader.response(table, block, 0, block.length, false, false, ACCEPT);
        assertThat(text()).isEqualTo("HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x=y",
                ":status=",
                ":status=20",
                ":status=2000",
                ":status=099",
                ":status=600",
                ":status=20x",
                ":status=101",
                ":status=200|:status=200",
                ":status=200|:path=/",
                "x=y|:status=200",
                ":status=200|connection=close",
                ":status=200|transfer-encoding=chunked",
                ":status=200|content-length=1|content-length=1",
                ":status=200|x=a\r\nb",
                ":status=200|X=y"
            })
    void refuses_a_malformed_response(String rows) {
        byte[] block = Blocks.literals(rows.split("\\|"));
        assertThat(reader.response(table, block, 0, block.length, false, false, BlockReader.NO_TUNNEL))
                .isEqualTo(BlockVerdict.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {":status=200|content-length=1", ":status=100"})
    void refuses_a_response_that_ends_too_early(String rows) {
        byte[] block = Blocks.literals(rows.split("\\|"));
        assertThat(reader.response(table, block, 0, block.length, true, false, BlockReader.NO_TUNNEL))
                .isEqualTo(BlockVerdict.MALFORMED);
    }

    // --- Trailers --------------------------------------------------------------------------------------------------

    @Test
    void writes_the_last_chunk_and_the_trailer() {
        assertThat(trailer("grpc-status=0", "grpc-message=")).isEqualTo(BlockVerdict.WHOLE);
        assertThat(text()).isEqualTo("0\r\ngrpc-status: 0\r\ngrpc-message: \r\n\r\n");
    }

    @Test
    void writes_the_last_chunk_for_a_trailer_of_nothing() {
        assertThat(trailer()).isEqualTo(BlockVerdict.WHOLE);
        assertThat(text()).isEqualTo("0\r\n\r\n");
    }

    @Test
    void leaves_out_what_is_spelled_like_framing() {
        assertThat(trailer("content_length=3", "a=b")).isEqualTo(BlockVerdict.WHOLE);
        assertThat(text()).isEqualTo("0\r\na: b\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":status=200",
                ":method=GET",
                "content-length=1",
                "host=h",
                "transfer-encoding=chunked",
                "connection=close",
                "x=a\r\n\r\nGET",
                "X=y"
            })
    void refuses_a_malformed_trailer(String row) {
        assertThat(trailer("a=b", row)).isEqualTo(BlockVerdict.MALFORMED);
    }

    private BlockVerdict trailer(String... rows) {
        byte[] block = Blocks.literals(rows);
        return reader.trailer(table, block, 0, block.length);
    }

    private static String[] with(String... rows) {
        return Stream.concat(Arrays.stream(GET), Arrays.stream(rows)).toArray(String[]::new);
    }

    private BlockVerdict verdict(boolean endsStream, String... rows) {
        byte[] block = Blocks.literals(rows);
        return reader.request(table, block, 0, block.length, endsStream, KEY);
    }

    private String request(boolean endsStream, String... rows) {
        assertThat(verdict(endsStream, rows)).isEqualTo(BlockVerdict.WHOLE);
        return text();
    }

    private String response(boolean endsStream, String... rows) {
        byte[] block = Blocks.literals(rows);
        assertThat(reader.response(table, block, 0, block.length, endsStream, false, BlockReader.NO_TUNNEL))
                .isEqualTo(BlockVerdict.WHOLE);
        return text();
    }

    private String text() {
        return new String(reader.head().bytes(), 0, reader.head().length(), ISO_8859_1);
    }
}
