package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.wire.Body;
import dev.turnout.support.wire.BrokenMessage;
import dev.turnout.support.wire.CutShort;
import dev.turnout.support.wire.Field;
import dev.turnout.support.wire.Fields;
import dev.turnout.support.wire.HttpReader;
import dev.turnout.support.wire.ReceivedHead;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/** What holds of {@link ChunkScanner} whatever comes: it agrees with a second reader, and splits cannot matter. */
final class ChunkedBodyProperties {

    private static final int TRAILER_LIMIT = 128;
    private static final Pattern LONG_EXTENSION = Pattern.compile(";[^\\r\\n]{257}");

    /** Some recipients take every other separator for the hyphen. */
    private static final List<String> FRAMING = List.of("content-length", "transfer-encoding", "host");

    private static final ReceivedHead CHUNKED = new ReceivedHead(
            "POST", "/", "HTTP/1.1", new Fields(List.of(new Field("Transfer-Encoding", "chunked"))), new byte[0]);

    private ChunkedBodyProperties() {}

    /**
     * A body, scanned.
     *
     * @param end how many bytes belong to it, or a code of {@link Scan}
     * @param data what stood between its framing
     */
    private record Scanned(int end, String data) {}

    static void hold(byte[] input) {
        Scanned whole = scanned(input, List.of(input.length));
        assertThat(scanned(input, singleBytes(input.length))).as("byte by byte").isEqualTo(whole);
        assertThat(scanned(input, randomPieces(input))).as("in pieces").isEqualTo(whole);
        endsNowhereEarlier(input, whole);
        agreesWithASecondReader(input, whole);
    }

    private static void endsNowhereEarlier(byte[] input, Scanned whole) {
        for (int length = 0; length < input.length; length += 1 + input.length / 64) {
            Scanned prefix = scanned(Arrays.copyOf(input, length), List.of(length));
            if (prefix.end() == Scan.INCOMPLETE) {
                assertThat(whole.data()).startsWith(prefix.data());
            } else {
                assertThat(prefix).as("of %d bytes", length).isEqualTo(whole);
            }
        }
    }

    private static void agreesWithASecondReader(byte[] input, Scanned whole) {
        ByteArrayInputStream in = new ByteArrayInputStream(input);
        try {
            Body body = new HttpReader(in).requestBody(CHUNKED);
            if (whole.end() == Scan.REJECTED) {
                assertThat(isOverALimit(input) || hasForbidden(body.trailers())).isTrue();
            } else {
                assertThat(whole.end()).isEqualTo(input.length - in.available());
                assertThat(whole.data()).hasSize((int) body.length());
                assertThat(crc(whole.data())).isEqualTo(body.crc());
                assertThat(hasForbidden(body.trailers())).isFalse();
            }
        } catch (CutShort e) {
            assertThat(whole.end()).isNegative();
        } catch (BrokenMessage e) {
            assertThat(whole.end()).as(e.getMessage()).isEqualTo(Scan.REJECTED);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isOverALimit(byte[] input) {
        return input.length > TRAILER_LIMIT
                || LONG_EXTENSION.matcher(new String(input, ISO_8859_1)).find();
    }

    private static boolean hasForbidden(Fields trailers) {
        return trailers.lines().stream()
                .map(field -> field.name().replaceAll("[^A-Za-z0-9]", "-").toLowerCase(Locale.ROOT))
                .anyMatch(FRAMING::contains);
    }

    private static long crc(String data) {
        CRC32 crc = new CRC32();
        crc.update(data.getBytes(ISO_8859_1));
        return crc.getValue();
    }

    private static List<Integer> singleBytes(int length) {
        Integer[] pieces = new Integer[length];
        Arrays.fill(pieces, 1);
        return List.of(pieces);
    }

    private static List<Integer> randomPieces(byte[] input) {
        Random random = new Random(Arrays.hashCode(input));
        return random.ints(input.length, 1, 9).boxed().toList();
    }

    /** Scans pieces of these lengths, as they would come off a socket, until the input or the body ends. */
    private static Scanned scanned(byte[] input, List<Integer> pieces) {
        ChunkScanner scanner = new ChunkScanner(TRAILER_LIMIT, ChunkScanner.NO_FRAMING);
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        int at = 0;
        for (int piece : pieces) {
            int end = Math.min(at + piece, input.length);
            while (at < end && !scanner.isDone()) {
                int count = (int) Math.min(scanner.dataRemaining(), end - at);
                if (count > 0) {
                    data.write(input, at, count);
                    scanner.skipData(count);
                    at += count;
                } else if (!scanner.accept(input[at++])) {
                    return new Scanned(Scan.REJECTED, data.toString(ISO_8859_1));
                }
            }
        }
        return new Scanned(scanner.isDone() ? at : Scan.INCOMPLETE, data.toString(ISO_8859_1));
    }
}
