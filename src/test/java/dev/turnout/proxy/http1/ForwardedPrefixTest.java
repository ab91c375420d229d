package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ForwardedPrefixTest {

    private static final String OURS = "X-Forwarded-Prefix: /api\r\n";

    private static String rewritten(String lines, int stripped, boolean trusted) {
        RequestHead head = new RequestHead(16 * 1024);
        byte[] bytes = ("GET /api/x HTTP/1.1\r\nHost: h\r\n" + lines + "\r\n").getBytes(ISO_8859_1);
        assertThat(head.scan(bytes, 0, bytes.length)).isEqualTo(bytes.length);
        HeadWriter out = new HeadWriter();
        new RequestRewriter(new byte[32], ForgedFields.of(List.of("X-Forwarded-Prefix")), null)
                .rewrite(
                        head,
                        new ClientInfo("10.0.0.2", "http", "h", trusted),
                        stripped,
                        new byte[0],
                        RequestRewriter.AS_FRAMED,
                        out);
        return new String(out.bytes(), 0, out.length(), ISO_8859_1);
    }

    @Test
    void a_prefix_that_is_left_out_is_told() {
        assertThat(rewritten("", 4, false)).contains(OURS);
        assertThat(rewritten("", 4, true)).contains(OURS);
        assertThat(rewritten("", 0, true)).doesNotContain("Prefix");
    }

    @Test
    void a_stranger_s_prefix_is_replaced() {
        String forged = "X-Forwarded-Prefix: /evil\r\nx-forwarded-prefix: //evil.example\r\n";
        assertThat(rewritten(forged, 4, false)).contains(OURS).doesNotContain("evil");
        assertThat(rewritten(forged, 0, false)).doesNotContain("evil");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"/outer|/outer", "/outer/|/outer", "'/a, /b/ '|/a/b", "/|''", "''|''"})
    void a_trusted_proxy_s_own_prefix_comes_before_it(String theirs, String before) {
        assertThat(rewritten("X-Forwarded-Prefix: " + theirs + "\r\n", 4, true))
                .containsOnlyOnce("X-Forwarded-Prefix: ")
                .contains("X-Forwarded-Prefix: " + before + "/api\r\n");
        assertThat(rewritten("X-Forwarded-Prefix: " + theirs + "\r\n", 0, true))
                .containsOnlyOnce("X-Forwarded-Prefix: " + theirs + "\r\n");
    }
}
