package dev.turnout.proxy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("What is written is what the library of Protocol Buffers writes")
final class OtlpWriterTest {

    /** A part of a message by the library. */
    @FunctionalInterface
    private interface Part {

        void write(CodedOutputStream out) throws IOException;
    }

    private static ByteString library(Part part) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        part.write(out);
        out.flush();
        return ByteString.copyFrom(bytes.toByteArray());
    }

    /** The lengths around those at which the length of a length grows, and of the buffer. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 122, 123, 124, 127, 128, 1_000, 1_024, 16_370, 16_383, 16_384, 3_000_000})
    void messages_in_messages_of_every_length_of_a_length(int length) throws IOException {
        String text = "x".repeat(length);
        ByteString inner = library(out -> out.writeString(1, text));
        ByteString middle = library(out -> {
            out.writeBytes(2, inner);
            out.writeUInt64(3, 7);
        });
        ByteString whole = library(out -> {
            out.writeBytes(15, middle);
            out.writeBytes(16, ByteString.EMPTY);
            out.writeString(4, "behind");
        });

        byte[] written = new OtlpWriter()
                .message(15, in -> in.message(2, deep -> deep.text(1, text)).number(3, 7))
                .message(16, empty -> {})
                .text(4, "behind")
                .bytes();

        assertThat(ByteString.copyFrom(written)).isEqualTo(whole);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 127, 128, 300, Integer.MAX_VALUE, 1L << 35, Long.MAX_VALUE, -1, Long.MIN_VALUE})
    void numbers(long number) throws IOException {
        byte[] written = new OtlpWriter().number(3, number).fixed64(7, number).bytes();

        assertThat(ByteString.copyFrom(written)).isEqualTo(library(out -> {
            out.writeUInt64(3, number);
            out.writeFixed64(7, number);
        }));
    }

    @Test
    void nothing() {
        assertThat(new OtlpWriter().bytes()).isEmpty();
    }
}
