package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PathStrippingTest {

    private static String requestLine(String line, int stripped) {
        RequestHead head = new RequestHead(16 * 1024);
        byte[] bytes = (line + " HTTP/1.1\r\nHost: shop.example\r\n\r\n").getBytes(ISO_8859_1);
        assertThat(head.scan(bytes, 0, bytes.length)).isEqualTo(bytes.length);
        HeadWriter out = new HeadWriter();
        new RequestRewriter(new byte[32], ForgedFields.of(List.of()), null)
                .rewrite(
                        head,
                        new ClientInfo("127.0.0.1", "http", "127.0.0.1:80", false),
                        stripped,
                        new byte[0],
                        RequestRewriter.AS_FRAMED,
                        out);
        String text = new String(out.bytes(), 0, out.length(), ISO_8859_1);
        return text.substring(0, text.indexOf(" HTTP/1.1\r\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "/api, /",
        "/api/, /",
        "/api?q=1, /?q=1",
        "/api?/api, /?/api",
        "/api/?q, /?q",
        "/api/x, /x",
        "/api/x/api?q=/api, /x/api?q=/api",
        "/api//evil.example, /evil.example",
        "/api///evil.example, /evil.example",
        "/api/\\evil.example, /evil.example",
        "/api//\\/evil.example?//q, /evil.example?//q",
        "/api//, /",
        "/api//?//q, /?//q",
        "/api/x//y, /x//y",
        "/api/../x, /../x",
        "/api/%2e%2e/x, /%2e%2e/x",
        "http://shop.example/api, /",
        "http://shop.example/api/x?q, /x?q"
    })
    void the_beginning_goes_and_a_path_stays(String target, String forwarded) {
        assertThat(requestLine("GET " + target, "/api".length())).isEqualTo("GET " + forwarded);
    }

    @Test
    void a_path_that_is_left_empty_is_not_taken_for_the_whole_server() {
        assertThat(requestLine("OPTIONS /api", "/api".length())).isEqualTo("OPTIONS /");
    }

    @Test
    void nothing_stripped_is_nothing_changed() {
        assertThat(requestLine("GET /api/x?y", 0)).isEqualTo("GET /api/x?y");
        assertThat(requestLine("OPTIONS http://shop.example", 0)).isEqualTo("OPTIONS *");
    }
}
