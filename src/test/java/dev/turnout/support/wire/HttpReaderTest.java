package dev.turnout.support.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpReaderTest {

    @Test
    void reads_one_request_after_another() throws IOException {
        HttpReader reader =
                reader("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabcGET /b HTTP/1.0\r\n\r\n");
        ReceivedHead first = reader.requestHead().orElseThrow();
        assertThat(first.toString()).isEqualTo("POST /a");
        assertThat(first.raw()).asString().isEqualTo("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\n");
        assertThat(reader.requestBody(first).content()).asString().isEqualTo("abc");
        assertThat(reader.requestHead().orElseThrow().version()).isEqualTo("HTTP/1.0");
        assertThat(reader.requestHead()).isEmpty();
    }

    @Test
    void reads_a_chunked_body_with_extensions_and_trailers() throws IOException {
        Response response = reader("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "3;a=b;c=\"d e\"\r\nabc\r\nA\r\n0123456789\r\n0\r\nSum: 1\r\n\r\n")
                .response("GET");
        assertThat(response.text()).isEqualTo("abc0123456789");
        assertThat(response.body().trailers().only("sum")).contains("1");
    }

    @Test
    void reads_no_body_after_head_204_and_304() throws IOException {
        assertThat(reader("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
                        .response("HEAD")
                        .body())
                .isEqualTo(Body.NONE);
        assertThat(reader("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n")
                        .response("GET")
                        .body())
                .isEqualTo(Body.NONE);
        assertThat(reader("HTTP/1.1 204 No Content\r\n\r\n").response("GET").body())
                .isEqualTo(Body.NONE);
    }

    @Test
    void reads_a_body_without_length_to_the_end_of_the_stream() throws IOException {
        Response response = reader("HTTP/1.1 200 \r\n\r\nall of it").response("GET");
        assertThat(response.text()).isEqualTo("all of it");
        assertThat(response.announcesClose()).isTrue();
    }

    @Test
    void tells_content_by_its_checksum() throws IOException {
        Payload payload = new Payload(200_000, 7);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        payload.writeTo(out);
        Body body = new HttpReader(new ByteArrayInputStream(out.toByteArray()))
                .response("GET")
                .body();
        assertThat(body.length()).isEqualTo(200_000);
        assertThat(body.crc()).isEqualTo(payload.crc()).isNotEqualTo(new Payload(200_000, 8).crc());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\n\n",
                "HTTP/1.1 200 OK\r\nA: b\n\r\n",
                "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA: b\u0000\r\n\r\n",
                "HTTP/1.1 20 OK\r\n\r\n",
                "HTTP/2.0 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
                "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\na",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
                "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n"
            })
    void refuses_what_no_sender_may_send(String bytes) {
        assertThatThrownBy(() -> reader(bytes).response("GET")).isInstanceOf(BrokenMessage.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200",
                "HTTP/1.1 200 OK\r",
                "HTTP/1.1 200 OK\r\nA: b\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n"
            })
    void knows_a_message_that_was_cut_short(String bytes) {
        assertThatThrownBy(() -> reader(bytes).response("GET")).isInstanceOf(CutShort.class);
    }

    private static HttpReader reader(String bytes) {
        return new HttpReader(new ByteArrayInputStream(bytes.getBytes(StandardCharsets.ISO_8859_1)));
    }
}
