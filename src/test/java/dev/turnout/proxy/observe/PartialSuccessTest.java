package dev.turnout.proxy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The answer of a collector to a batch that it has taken")
final class PartialSuccessTest {

    private static byte[] answer(long rejected, String words) {
        return ExportTraceServiceResponse.newBuilder()
                .setPartialSuccess(ExportTracePartialSuccess.newBuilder()
                        .setRejectedSpans(rejected)
                        .setErrorMessage(words))
                .build()
                .toByteArray();
    }

    @Test
    void says_how_many_spans_are_rejected_and_why() {
        assertThat(PartialSuccess.of(answer(300, "너무 오래됨"))).isEqualTo(new PartialSuccess(300, "너무 오래됨"));
        assertThat(PartialSuccess.of(answer(0, "a warning"))).isEqualTo(new PartialSuccess(0, "a warning"));
        assertThat(PartialSuccess.of(answer(-1, ""))).isEqualTo(PartialSuccess.NONE);
        assertThat(PartialSuccess.of(answer(0, "")).isNone()).isTrue();
        assertThat(PartialSuccess.of(new byte[0])).isEqualTo(PartialSuccess.NONE);
    }

    @Test
    void that_is_cut_or_no_message_says_nothing_or_what_another_reader_finds() {
        byte[] whole = answer(1L << 40, "x".repeat(300));
        for (int length = 0; length < whole.length; length++) {
            assertThat(PartialSuccess.of(Arrays.copyOf(whole, length))).isEqualTo(PartialSuccess.NONE);
        }
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[random.nextInt(24)];
            random.nextBytes(bytes);
            if (bytes.length > 2 && random.nextBoolean()) {
                bytes[0] = 10;
                bytes[1] = (byte) (bytes.length - 2);
            }
            PartialSuccess read = PartialSuccess.of(bytes);
            try {
                ExportTracePartialSuccess other =
                        ExportTraceServiceResponse.parseFrom(bytes).getPartialSuccess();
                if (read.rejectedSpans() > 0 && other.getRejectedSpans() > 0) {
                    assertThat(read.rejectedSpans()).isEqualTo(other.getRejectedSpans());
                }
            } catch (InvalidProtocolBufferException e) {
                assertThat(read).isNotNull();
            }
        }
    }
}
