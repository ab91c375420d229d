package dev.turnout.proxy.body;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.http1.ResponseHead;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ResponseBodyTest {

    private static final int LIMIT = 1000;

    private static ResponseBody body(String lines, boolean toHead, boolean toHttp11, boolean isEndless) {
        byte[] head = ("HTTP/1.1 200 OK\r\n" + (lines.isEmpty() ? "" : lines + "\r\n") + "\r\n").getBytes(US_ASCII);
        ResponseHead response = new ResponseHead(LIMIT);
        assertThat(response.scan(head, 0, head.length)).isEqualTo(head.length);
        return ResponseBody.of(response, toHead, toHttp11, LIMIT, isEndless);
    }

    /** 200 in hexadecimal digits is 512. */
    @ParameterizedTest(name = "{0}, to HEAD: {1}, to HTTP/1.1: {2}, endless: {3}: {4}")
    @CsvSource({
        "Content-Length: 600, false, true, false, 595",
        "Content-Length: 600, true, true, false, 0",
        "Transfer-Encoding: chunked, false, true, false, 512",
        "Transfer-Encoding: chunked, false, false, false, 512",
        "Transfer-Encoding: chunked, false, true, true, 0",
        "'Transfer-Encoding: chunked\r\nContent-Type: text/event-stream', false, true, false, 0",
        "'Transfer-Encoding: chunked\r\nContent-Type: application/grpc', false, true, false, 0",
        "'', false, true, false, 5",
        "'', false, true, true, 0",
        "'Content-Type: text/event-stream', false, true, false, 0"
    })
    void says_how_many_of_the_next_bytes_the_client_is_to_get_as_they_come(
            String lines, boolean toHead, boolean toHttp11, boolean isEndless, long unseen) {
        ResponseBody body = body(lines, toHead, toHttp11, isEndless);
        assertThat(body.unseen()).isEqualTo(unseen == 595 ? 600 : 0);
        if (!toHead) {
            requireNonNull(body.pass(Unpooled.copiedBuffer("200\r\n", US_ASCII)))
                    .release();
        }
        assertThat(body.unseen()).isEqualTo(unseen);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"true", "false"})
    void looks_at_all_that_a_tunnel_carries(boolean isWebSocket) {
        ResponseBody body = ResponseBody.tunnel(isWebSocket);
        requireNonNull(body.pass(Unpooled.copiedBuffer("bytes", US_ASCII))).release();
        assertThat(body.unseen()).isZero();
    }
}
