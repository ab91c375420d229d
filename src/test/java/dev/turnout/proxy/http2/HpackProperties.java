package dev.turnout.proxy.http2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.wire.Field;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * What holds of {@link HpackReader} whatever a peer sends. An input is a row of blocks of one connection, each behind an
 * octet that says how long it is.
 */
final class HpackProperties {

    private static final int MOST_INPUT = 4096;
    private static final byte[] POISONS = {0, (byte) 0x80, (byte) 0xff};

    private HpackProperties() {}

    /** Checks them. */
    static void hold(byte[] all) {
        byte[] input = Arrays.copyOf(all, Math.min(all.length, MOST_INPUT));
        agreesWithNettysDecoder(input);
        readsWhatNettysEncoderHasWritten(input);
    }

    private static void agreesWithNettysDecoder(byte[] input) {
        HpackReader reader = new HpackReader();
        HpackTable table = new HpackTable();
        HpackTable poisoned = new HpackTable();
        DefaultHttp2HeadersDecoder other = new DefaultHttp2HeadersDecoder(false, 1 << 30);
        for (byte[] block : blocks(input)) {
            Collected collected = new Collected();
            HpackReader.Outcome outcome = reader.read(table, block, 0, block.length, collected);
            readsOnlyTheBlock(reader, poisoned, block, outcome, collected);
            assertThat(table.bytes().length).isLessThanOrEqualTo(2 * HpackTable.DEFAULT_SIZE);
            assertThat(table.size()).isLessThanOrEqualTo(HpackTable.DEFAULT_SIZE);
            if (outcome != HpackReader.Outcome.WHOLE) {
                // Netty takes more, such as any row of table sizes; what is broken here ends the connection.
                return;
            }
            if (collected.lines().contains(": ")) {
                // Netty takes a table that is full of empty entries for an empty one.
                return;
            }
            assertThat(inNettysOrder(collected.fields())).isEqualTo(inNettysOrder(decoded(other, block)));
        }
    }

    private static void readsOnlyTheBlock(
            HpackReader reader, HpackTable table, byte[] block, HpackReader.Outcome outcome, Collected collected) {
        byte[] framed = new byte[block.length + 40];
        Arrays.fill(framed, POISONS[block.length % POISONS.length]);
        System.arraycopy(block, 0, framed, 20, block.length);
        Collected again = new Collected();
        assertThat(reader.read(table, framed, 20, 20 + block.length, again)).isEqualTo(outcome);
        assertThat(again.fields()).isEqualTo(collected.fields());
    }

    private static List<Field> decoded(DefaultHttp2HeadersDecoder decoder, byte[] block) {
        try {
            return Blocks.decoded(decoder, block);
        } catch (Http2Exception e) {
            throw new AssertionError("Only Netty refuses it", e);
        }
    }

    private static List<byte[]> blocks(byte[] input) {
        List<byte[]> blocks = new ArrayList<>();
        for (int at = 0; at < input.length; ) {
            int end = Math.min(input.length, at + 1 + (input[at] & 0xff));
            blocks.add(Arrays.copyOfRange(input, at + 1, end));
            at = end;
        }
        return blocks;
    }

    /** A map keeps no order among names: only those of one name are in theirs. */
    private static List<Field> inNettysOrder(List<Field> fields) {
        return fields.stream().sorted(Comparator.comparing(Field::name)).toList();
    }

    private static void readsWhatNettysEncoderHasWritten(byte[] input) {
        HpackReader reader = new HpackReader();
        HpackTable table = new HpackTable();
        DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder(
                (name, value) -> name.length() % 3 == 0, false, 64, input.length % 2 == 0 ? 0 : 512);
        for (byte[] part : blocks(input)) {
            List<Field> fields = fields(part);
            byte[] block = Blocks.encoded(encoder, fields);
            Collected collected = new Collected();
            assertThat(reader.read(table, block, 0, block.length, collected)).isEqualTo(HpackReader.Outcome.WHOLE);
            assertThat(inNettysOrder(collected.fields())).isEqualTo(inNettysOrder(fields));
        }
    }

    /** Makes fields of any octets, with names of few kinds so that they repeat. */
    private static List<Field> fields(byte[] part) {
        List<Field> fields = new ArrayList<>();
        for (int at = 0; at < part.length; ) {
            int name = part[at] & 0x7;
            int value = (part[at] & 0xff) >> 3;
            int end = Math.min(part.length, at + 1 + value);
            fields.add(new Field("n".repeat(name + 1), new String(part, at + 1, end - at - 1, ISO_8859_1)));
            at = end;
        }
        return fields;
    }
}
