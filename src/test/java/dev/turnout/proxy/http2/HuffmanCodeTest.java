package dev.turnout.proxy.http2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.wire.Field;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HuffmanCodeTest {

    /** RFC 7541, appendix C. */
    @ParameterizedTest
    @CsvSource({
        "f1e3c2e5f23a6ba0ab90f4ff, www.example.com",
        "a8eb10649cbf, no-cache",
        "25a849e95ba97d7f, custom-key",
        "25a849e95bb8e8b4bf, custom-value",
        "6402, 302",
        "aec3771a4b, private",
        "d07abe941054d444a8200595040b8166e082a62d1bff, 'Mon, 21 Oct 2013 20:13:21 GMT'",
        "9d29ad171863c78f0b97c8e9ae82ae43d3, https://www.example.com",
        "9bd9ab, gzip"
    })
    void decodes_the_examples_of_the_rfc(String hex, String text) {
        assertThat(decoded(Blocks.hex(hex))).isEqualTo(text);
    }

    @Test
    void decodes_every_octet_at_every_place_of_a_byte() {
        for (int octet = 0; octet < 256; octet++) {
            for (int before = 0; before < 8; before++) {
                // A zero has 5 bits, which comes to every place.
                String text = "0".repeat(before) + (char) octet + "0".repeat(90);
                assertThat(decoded(encoded(text)))
                        .as(octet + " behind " + before)
                        .isEqualTo(text);
            }
        }
    }

    @Test
    void decodes_what_another_encoder_has_written() {
        Random random = new Random(7541);
        for (int round = 0; round < 2000; round++) {
            byte[] octets = new byte[random.nextInt(200)];
            random.nextBytes(octets);
            // The zeros are short: the encoder would not use the code for octets alone.
            String text = new String(octets, ISO_8859_1) + "0".repeat(2000);
            byte[] code = encoded(text);
            assertThat(decoded(code)).isEqualTo(text);
            assertThat(text.length()).isLessThanOrEqualTo(HuffmanCode.mostOctets(code.length));
        }
    }

    /** RFC 7541, section 5.2. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                // a whole octet of padding
                "f1e3c2e5f23a6ba0ab90f4ffff",
                // padding with a zero in it
                "f1e3c2e5f23a6ba0ab90f4fe",
                // nothing but padding
                "ff",
                // the word of the end
                "3fffffff",
                "fffffffc",
                // the beginning of a long word
                "ffff"
            })
    void refuses_what_is_not_in_the_code(String hex) {
        byte[] bytes = Blocks.hex(hex);
        byte[] out = new byte[HuffmanCode.mostOctets(bytes.length)];
        assertThat(HuffmanCode.decode(bytes, 0, bytes.length, out, 0)).isEqualTo(HuffmanCode.BROKEN);
    }

    private static String decoded(byte[] code) {
        byte[] out = new byte[HuffmanCode.mostOctets(code.length) + 3];
        byte[] framed = new byte[code.length + 4];
        System.arraycopy(code, 0, framed, 2, code.length);
        int end = HuffmanCode.decode(framed, 2, 2 + code.length, out, 3);
        return end < 0 ? "broken" : new String(out, 3, end - 3, ISO_8859_1);
    }

    /** Takes the value's string out of a literal field that Netty has coded. */
    private static byte[] encoded(String text) {
        DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder((name, value) -> true, false, 16, 0);
        byte[] block = Blocks.encoded(encoder, List.of(new Field("a", text)));
        // 10: a literal that is never indexed; then a name of one octet, coded or not; then the value.
        assertThat(block[0]).isEqualTo((byte) 0x10);
        int at = 1 + 1 + (block[1] & 0x7f);
        assertThat(block[at]).as("a text that the code makes shorter").isNegative();
        int length = block[at++] & 0x7f;
        if (length == 0x7f) {
            int shift = 0;
            do {
                length += (block[at] & 0x7f) << shift;
                shift += 7;
            } while (block[at++] < 0);
        }
        assertThat(block.length - at).isEqualTo(length);
        return Arrays.copyOfRange(block, at, block.length);
    }
}
