package dev.turnout.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class DnsMessageTest {

    /** An answer of dnsmasq to an A question for app.internal: one alias, one address. */
    private static final byte[] ANSWER = HexFormat.of()
            .parseHex("1234818000010002000000000361707008696e7465726e616c0000010001"
                    + "c00c0005000100000005000704626c7565c010"
                    + "c02a000100010000003c00040a000007");

    @Test
    void an_answer_is_read_with_the_names_that_are_pointers() throws LookUpFailed {
        DnsMessage message = DnsMessage.read(ANSWER);
        assertThat(message.id()).isEqualTo(0x1234);
        assertThat(message.code()).isZero();
        assertThat(message.question()).isEqualTo(DnsMessage.words("App.Internal", RecordType.A));
        assertThat(message.answers())
                .containsExactly(
                        new DnsRecord("app.internal", 5, 5, "blue.internal"),
                        new DnsRecord("blue.internal", 1, 60, "10.0.0.7"));
    }

    @Test
    void a_question_is_written_as_the_standard_says() {
        assertThat(HexFormat.of().formatHex(DnsMessage.question(0x1234, "app.internal", RecordType.AAAA)))
                .isEqualTo("1234010000010000000000000361707008696e7465726e616c00001c0001");
    }

    @Test
    void no_beginning_of_an_answer_is_an_answer() {
        for (int length = 0; length < ANSWER.length; length++) {
            byte[] part = Arrays.copyOf(ANSWER, length);
            assertThatThrownBy(() -> DnsMessage.read(part)).isInstanceOf(LookUpFailed.class);
        }
    }

    @Test
    void names_that_point_in_a_circle_are_refused() {
        byte[] circle = HexFormat.of().parseHex("123481800001000000000000c00c00010001");
        assertThatThrownBy(() -> DnsMessage.read(circle)).isInstanceOf(LookUpFailed.class);
    }

    @Test
    void any_bytes_end_in_an_answer_or_a_refusal() {
        Random random = new Random(19);
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = ANSWER.clone();
            for (int j = random.nextInt(6); j >= 0; j--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(DnsMessage.read(bytes).answers()).hasSizeLessThanOrEqualTo(1024);
            } catch (LookUpFailed refused) {
                assertThat(refused).hasMessageMatching("(the|a name of the) answer .*");
            }
        }
    }
}
