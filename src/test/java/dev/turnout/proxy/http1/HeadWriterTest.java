package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class HeadWriterTest {

    private final HeadWriter writer = new HeadWriter();

    private String written() {
        return new String(writer.bytes(), 0, writer.length(), ISO_8859_1);
    }

    /** U+010A and U+010D end in the octets of LF and CR. */
    @Test
    void a_letter_of_more_than_one_octet_ends_no_line() {
        writer.append("a\u010a\u010db\uac00\u00e9");

        assertThat(written()).isEqualTo("a??b?\u00e9");
    }

    @Test
    void it_grows_with_its_text() {
        String text = "0123456789abcdef".repeat(1000);

        writer.append("-").append(text).append(text).number(42);

        assertThat(written()).isEqualTo("-" + text + text + "42");
    }
}
