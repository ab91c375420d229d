package dev.turnout.proxy.http2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.http1.Scan;
import dev.turnout.support.wire.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What holds of the translation of a client's request into a head, whatever the fields are. An input is text: a field in
 * each row, rows end with 0x01, and 0x02 stands between name and value. A first octet that is odd ends the stream.
 */
final class RequestBlockProperties {

    private static final int LIMIT = 16 * 1024;
    private static final byte[] KEY = "dGhlIHNhbXBsZSBub25jZQ==".getBytes(ISO_8859_1);

    private RequestBlockProperties() {}

    /** Checks them. */
    static void hold(byte[] all) {
        byte[] input = Arrays.copyOf(all, Math.min(all.length, 1024));
        boolean endsStream = input.length > 0 && (input[0] & 1) != 0;
        List<Field> fields = new ArrayList<>();
        for (String row : new String(input, ISO_8859_1)
                .substring(Math.min(1, input.length))
                .split("\1")) {
            int split = row.indexOf('\2');
            if (split >= 0) {
                fields.add(new Field(row.substring(0, split), row.substring(split + 1)));
            }
        }
        agreesWithASecondReading(fields, endsStream);
    }

    private static void agreesWithASecondReading(List<Field> fields, boolean endsStream) {
        BlockReader reader = new BlockReader(LIMIT);
        byte[] block = Blocks.literals(fields);
        BlockVerdict verdict = reader.request(new HpackTable(), block, 0, block.length, endsStream, KEY);
        assertThat(verdict).isIn(WellFormed.request(fields, endsStream), BlockVerdict.TOO_LARGE);
        if (verdict == BlockVerdict.WHOLE) {
            isOneHead(reader, fields, endsStream);
        }
    }

    /** The strict scanner sees one head and nothing behind it, or nothing at all. */
    private static void isOneHead(BlockReader reader, List<Field> fields, boolean endsStream) {
        byte[] bytes = Arrays.copyOf(reader.head().bytes(), reader.head().length());
        RequestHead head = new RequestHead(2 * LIMIT);
        int end = head.scan(bytes, 0, bytes.length);
        String text = new String(bytes, ISO_8859_1);
        if (end == Scan.REJECTED) {
            assertThat(head.rejection().name()).as(text).isIn("MISSING_HOST", "BAD_HOST", "BAD_METHOD");
            return;
        }
        assertThat(end).as(text).isEqualTo(bytes.length);
        assertThat(head.isPersistent()).isTrue();
        assertThat(head.isUpgrade()).isEqualTo(reader.isTunnel());
        boolean hasLength = fields.stream().anyMatch(field -> field.name().equals("content-length"));
        assertThat(head.isChunked()).isEqualTo(!endsStream && !hasLength && !reader.isTunnel());
        if (endsStream) {
            assertThat(head.contentLength()).isZero();
        }
        assertThat(lines(bytes))
                .containsAll(fields.stream()
                        .filter(field -> !field.name().startsWith(":") && !isMoved(field.name(), reader.isTunnel()))
                        .map(field -> field.name() + ": " + field.value())
                        .toList());
        staysTheSame(head, bytes, endsStream);
    }

    private static boolean isMoved(String name, boolean isTunnel) {
        return name.equals("host") || name.equals("cookie") || isTunnel && name.equals("sec-websocket-key");
    }

    /** Written as a block and read as a head once more, it has the same lines; of TE, one in small letters is left. */
    private static void staysTheSame(RequestHead head, byte[] bytes, boolean endsStream) {
        HeadWriter block = new HeadWriter();
        new BlockWriter().request(head, true, block);
        BlockReader reader = new BlockReader(2 * LIMIT);
        assertThat(reader.request(new HpackTable(), block.bytes(), 0, block.length(), endsStream, KEY))
                .isEqualTo(BlockVerdict.WHOLE);
        byte[] again = Arrays.copyOf(reader.head().bytes(), reader.head().length());
        assertThat(lines(again)).isEqualTo(withOneTe(lines(bytes)));
    }

    private static List<String> withOneTe(List<String> lines) {
        Predicate<String> isTe = line -> line.startsWith("te: ");
        Stream<String> te = lines.stream().filter(isTe).limit(1).map(line -> "te: trailers");
        return Stream.concat(lines.stream().filter(isTe.negate()), te).sorted().toList();
    }

    private static List<String> lines(byte[] bytes) {
        return Arrays.stream(new String(bytes, ISO_8859_1).split("\r\n"))
                .sorted()
                .toList();
    }
}
