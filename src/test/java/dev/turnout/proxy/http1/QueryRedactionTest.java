package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Query parameters that are left out of the access log")
final class QueryRedactionTest {

    private static String passed(QueryRedaction redaction, String url) {
        byte[] bytes = ("<" + url + ">").getBytes(ISO_8859_1);
        StringBuilder out = new StringBuilder();
        redaction.pass(
                bytes,
                1,
                bytes.length - 1,
                (piece, from, to) -> out.append(new String(piece, from, to - from, ISO_8859_1)));
        return out.toString();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            /a,                              /a
            /a?,                             /a?
            /a?token,                        /a?token
            /a?token=,                       /a?token=
            /a?token=s3cret,                 /a?token=***
            /a?x=1&token=s3cret&y=2,         /a?x=1&token=***&y=2
            /a?token=one&token=two,          /a?token=***&token=***
            /a?Token=s3c;ret&x=1,            /a?Token=***&x=1
            /a?x=1;token=s3cret&y=2,         /a?x=1;token=***&y=2
            /a?token=s3cret;token=too,       /a?token=***
            /a?%74oken=s3cret,               /a?%74oken=***
            /a?%54%4F%4b%65%6E=s3cret,       /a?%54%4F%4b%65%6E=***
            /a?to%zken=kept,                 /a?to%zken=kept
            /a?token%=kept,                  /a?token%=kept
            /a?toke%6=kept,                  /a?toke%6=kept
            /a?toke=kept,                    /a?toke=kept
            /a?tokens=kept,                  /a?tokens=kept
            /a?x=token=kept,                 /a?x=token=kept
            /token=kept/b,                   /token=kept/b
            /a?pass=a?token=b,               /a?pass=***
            https://h/a?pass=p%26q&z,        https://h/a?pass=***&z
            """)
    @DisplayName("have stars for their values, and everything else is as it was sent")
    void redacted(String url, String written) {
        assertThat(passed(new QueryRedaction(List.of("token", "PASS")), url)).isEqualTo(written);
        assertThat(passed(QueryRedaction.NONE, url)).isEqualTo(url);
    }
}
