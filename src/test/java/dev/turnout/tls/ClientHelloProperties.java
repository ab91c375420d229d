package dev.turnout.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.tls.ClientHello.Progress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What holds of {@link ClientHello} whatever a client sends. */
final class ClientHelloProperties {

    private static final int MOST_PREFIXES = 200;

    private ClientHelloProperties() {}

    /** All that a scan tells. */
    private record Finding(
            Progress progress,
            String name,
            boolean http11,
            boolean http2,
            boolean acmeTls,
            boolean alpn,
            boolean tls13,
            boolean ecdsa,
            boolean rsa) {

        static Finding of(ClientHello hello, byte[] input) {
            // Foreign bytes around it would change what is found if they were looked at.
            byte[] framed = new byte[input.length + 8];
            Arrays.fill(framed, (byte) 22);
            System.arraycopy(input, 0, framed, 3, input.length);
            ByteBuf in = Unpooled.wrappedBuffer(framed, 3, input.length);
            Progress progress = hello.scan(in);
            assertThat(in.readableBytes()).isEqualTo(input.length);
            int start = hello.serverNameStart();
            String name = start < 0
                    ? null
                    : new String(hello.bytes(), start, hello.serverNameEnd() - start, StandardCharsets.US_ASCII);
            return new Finding(
                    progress,
                    name,
                    hello.offersHttp11(),
                    hello.offersHttp2(),
                    hello.offersAcmeTls(),
                    hello.hasAlpn(),
                    hello.offersTls13(),
                    progress == Progress.COMPLETE && hello.takesEcdsa(),
                    progress == Progress.COMPLETE && hello.takesRsa());
        }
    }

    static void hold(byte[] input) {
        ClientHello hello = new ClientHello();
        Finding whole = Finding.of(hello, input);
        doesNotDependOnSplits(hello, input, whole);
        assertThat(Finding.of(new ClientHello(), input)).as("of a new reader").isEqualTo(whole);
        if (whole.progress() == Progress.COMPLETE) {
            hasAPlausibleName(whole.name());
            doesNotDependOnRecords(hello, input, whole);
        } else {
            assertThat(whole.name()).isNull();
        }
    }

    private static void doesNotDependOnSplits(ClientHello hello, byte[] input, Finding whole) {
        int stride = 1 + input.length / MOST_PREFIXES;
        int needed = 0;
        boolean isOver = false;
        for (int length = 0; length < input.length; length += stride) {
            Finding prefix = Finding.of(hello, Arrays.copyOf(input, length));
            if (prefix.progress() == Progress.INCOMPLETE) {
                assertThat(isOver).as("a verdict stays").isFalse();
                assertThat(hello.missing()).isPositive();
                needed = Math.max(needed, length + hello.missing());
            } else {
                isOver = true;
                assertThat(prefix).as("of the first " + length + " bytes").isEqualTo(whole);
                if (prefix.progress() == Progress.COMPLETE) {
                    assertThat(length).as("what was said to be missing").isGreaterThanOrEqualTo(needed);
                }
            }
        }
    }

    private static void hasAPlausibleName(String name) {
        if (name != null) {
            assertThat(name).matches("[!-@\\[-~]{1,255}");
        }
    }

    private static void doesNotDependOnRecords(ClientHello hello, byte[] input, Finding whole) {
        byte[] message = Arrays.copyOf(payload(input), messageLength(payload(input)));
        for (int most : new int[] {1, 3, 4, 5, 77, 16 * 1024}) {
            byte[] records = HelloBytes.records(message, most);
            if (records.length <= ClientHello.LONGEST) {
                assertThat(Finding.of(hello, records))
                        .as("in records of " + most)
                        .isEqualTo(whole);
            }
        }
    }

    private static int messageLength(byte[] payload) {
        return 4 + ((payload[1] & 0xff) << 16 | (payload[2] & 0xff) << 8 | payload[3] & 0xff);
    }

    /** The contents of all records that are whole or not, put together by a second reader. */
    private static byte[] payload(byte[] input) {
        return HelloBytes.bytes(out -> {
            for (int at = 0; at + 5 <= input.length; ) {
                int length = (input[at + 3] & 0xff) << 8 | input[at + 4] & 0xff;
                out.write(input, at + 5, Math.min(length, input.length - at - 5));
                at += 5 + length;
            }
        });
    }
}
