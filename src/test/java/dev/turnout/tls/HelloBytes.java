package dev.turnout.tls;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes of ClientHellos, well-formed or not. */
final class HelloBytes {

    private HelloBytes() {}

    /** Writes to an array. */
    interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    static byte[] bytes(Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            writing.to(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Joins arrays. */
    static byte[] join(byte[]... parts) {
        return bytes(out -> {
            for (byte[] part : parts) {
                out.write(part);
            }
        });
    }

    static byte[] numbers(int... numbers) {
        return bytes(out -> {
            for (int number : numbers) {
                out.writeShort(number);
            }
        });
    }

    /** A vector with a length of two bytes. */
    static byte[] vector(byte[] content) {
        return join(numbers(content.length), content);
    }

    /** A vector with a length of one byte. */
    static byte[] shortVector(byte[] content) {
        return join(new byte[] {(byte) content.length}, content);
    }

    static byte[] extension(int type, byte[] content) {
        return join(numbers(type), vector(content));
    }

    static byte[] serverName(String name) {
        return extension(0, vector(join(new byte[] {0}, vector(name.getBytes(StandardCharsets.ISO_8859_1)))));
    }

    static byte[] alpn(String... names) {
        return extension(
                16,
                vector(join(Arrays.stream(names)
                        .map(name -> shortVector(name.getBytes(StandardCharsets.ISO_8859_1)))
                        .toArray(byte[][]::new))));
    }

    static byte[] versions(int... versions) {
        return extension(43, shortVector(numbers(versions)));
    }

    static byte[] signatures(int... schemes) {
        return extension(13, vector(numbers(schemes)));
    }

    static byte[] groups(int... groups) {
        return extension(10, vector(numbers(groups)));
    }

    /** A message of TLS 1.2 or later with some suites and extensions. */
    static byte[] message(int[] suites, byte[]... extensions) {
        return message(join(
                new byte[] {3, 3},
                new byte[32],
                shortVector(new byte[32]),
                vector(numbers(suites)),
                shortVector(new byte[] {0}),
                vector(join(extensions))));
    }

    static byte[] message(byte[] body) {
        return join(new byte[] {1, (byte) (body.length >> 16), (byte) (body.length >> 8), (byte) body.length}, body);
    }

    /** A message in records of at most some bytes. */
    static byte[] records(byte[] message, int most) {
        return bytes(out -> {
            for (int from = 0; from < message.length; from += most) {
                int length = Math.min(most, message.length - from);
                out.write(new byte[] {22, 3, 1});
                out.writeShort(length);
                out.write(message, from, length);
            }
        });
    }

    /** What most tests begin with. */
    static byte[] typical(String name) {
        return message(
                new int[] {0x1301, 0xC02B, 0xC02F},
                serverName(name),
                alpn("h2", "http/1.1"),
                signatures(0x0403, 0x0804),
                versions(0x0304, 0x0303));
    }
}
