package dev.turnout.proxy.http2;

import java.util.Arrays;

/**
 * Decodes header blocks (RFC 7541): each field goes to a sink as two slices, of the block, of a table or of scratch
 * space. One per event loop, for the tables of all its connections. Not safe for use by more than one thread.
 */
final class HpackReader {

    /** What has become of a block. */
    enum Outcome {
        WHOLE,
        /** It breaks RFC 7541: the table is not the peer's any more. */
        BROKEN,
        /** A few octets of it cost far more than they are. */
        TOO_COSTLY
    }

    private static final int INDEXED = 0x80;
    private static final int WITH_INDEXING = 0x40;
    private static final int TABLE_SIZE = 0x20;
    private static final int HUFFMAN = 0x80;

    private static final int INDEXED_BITS = 7;
    private static final int WITH_INDEXING_BITS = 6;
    private static final int TABLE_SIZE_BITS = 5;
    private static final int LITERAL_BITS = 4;
    private static final int LENGTH_BITS = 7;

    /** So many octets behind the prefix hold every number that can mean something, with leading zeros. */
    private static final int MOST_SHIFT = 28;

    /** RFC 7541, section 4.2: the smallest size between two blocks, and the last. */
    private static final int MOST_RESIZES = 2;

    /**
     * So many octets may be copied for a block, and so many times its own. A literal of three octets can have a name of
     * four thousand, which goes into the table again. A field that is only referred to is not copied.
     */
    private static final int MOST_COPIED = 1 << 20;

    private static final int COPIED_PER_OCTET = 8;

    private static final int BROKEN = -1;

    private byte[] block = {};
    private int at;
    private int end;
    private long copies;
    private byte[] scratch = new byte[1024];
    private int scratchEnd;

    private byte[] text = {};
    private int textStart;
    private int textEnd;

    /**
     * Decodes a block.
     *
     * @param table of the connection that the block comes from
     */
    Outcome read(HpackTable table, byte[] source, int from, int to, FieldSink sink) {
        block = source;
        at = from;
        end = to;
        copies = MOST_COPIED + (long) COPIED_PER_OCTET * (to - from);
        if (!resizes(table)) {
            return Outcome.BROKEN;
        }
        while (at < end) {
            int first = block[at] & 0xff;
            Outcome outcome = first >= INDEXED ? indexed(table, sink) : literal(first, table, sink);
            if (outcome != Outcome.WHOLE) {
                return outcome;
            }
        }
        return Outcome.WHOLE;
    }

    private boolean resizes(HpackTable table) {
        int count = 0;
        while (at < end && (block[at] & 0xe0) == TABLE_SIZE) {
            int size = number(TABLE_SIZE_BITS);
            if (size < 0 || ++count > MOST_RESIZES || !table.resize(size)) {
                return false;
            }
        }
        return !table.mustShrink();
    }

    private Outcome indexed(HpackTable table, FieldSink sink) {
        int index = number(INDEXED_BITS);
        if (index <= 0) {
            return Outcome.BROKEN;
        }
        if (index <= StaticTable.SIZE) {
            byte[] bytes = StaticTable.bytes();
            sink.field(
                    bytes,
                    StaticTable.nameStart(index),
                    StaticTable.nameEnd(index),
                    bytes,
                    StaticTable.valueStart(index),
                    StaticTable.valueEnd(index));
        } else {
            int age = index - StaticTable.SIZE - 1;
            if (age >= table.count()) {
                return Outcome.BROKEN;
            }
            byte[] bytes = table.bytes();
            int nameEnd = table.nameEnd(age);
            sink.field(bytes, table.nameStart(age), nameEnd, bytes, nameEnd, table.valueEnd(age));
        }
        return Outcome.WHOLE;
    }

    private Outcome literal(int first, HpackTable table, FieldSink sink) {
        boolean isIndexing = (first & WITH_INDEXING) != 0;
        if (!isIndexing && (first & TABLE_SIZE) != 0) {
            return Outcome.BROKEN;
        }
        scratchEnd = 0;
        int index = number(isIndexing ? WITH_INDEXING_BITS : LITERAL_BITS);
        if (index < 0 || !(index == 0 ? string() : name(table, index))) {
            return Outcome.BROKEN;
        }
        byte[] names = text;
        int nameStart = textStart;
        int nameEnd = textEnd;
        if (!string()) {
            return Outcome.BROKEN;
        }
        copies -= nameEnd - nameStart + textEnd - textStart;
        if (copies < 0) {
            return Outcome.TOO_COSTLY;
        }
        sink.field(names, nameStart, nameEnd, text, textStart, textEnd);
        if (isIndexing) {
            table.add(names, nameStart, nameEnd, text, textStart, textEnd);
        }
        return Outcome.WHOLE;
    }

    /** Finds the name of an entry. One of the dynamic table is copied: its entry may go for the one that it is used in. */
    private boolean name(HpackTable table, int index) {
        if (index <= StaticTable.SIZE) {
            text = StaticTable.bytes();
            textStart = StaticTable.nameStart(index);
            textEnd = StaticTable.nameEnd(index);
            return true;
        }
        int age = index - StaticTable.SIZE - 1;
        if (age >= table.count()) {
            return false;
        }
        int start = table.nameStart(age);
        int length = table.nameEnd(age) - start;
        room(length);
        System.arraycopy(table.bytes(), start, scratch, scratchEnd, length);
        inScratch(scratchEnd + length);
        return true;
    }

    /** Reads a string literal (RFC 7541, section 5.2). */
    private boolean string() {
        if (at == end) {
            return false;
        }
        boolean isHuffman = (block[at] & HUFFMAN) != 0;
        int length = number(LENGTH_BITS);
        if (length < 0 || length > end - at) {
            return false;
        }
        int from = at;
        at += length;
        if (!isHuffman) {
            text = block;
            textStart = from;
            textEnd = at;
            return true;
        }
        room(HuffmanCode.mostOctets(length));
        int decoded = HuffmanCode.decode(block, from, at, scratch, scratchEnd);
        if (decoded == HuffmanCode.BROKEN) {
            return false;
        }
        inScratch(decoded);
        return true;
    }

    private void inScratch(int to) {
        text = scratch;
        textStart = scratchEnd;
        textEnd = to;
        scratchEnd = to;
    }

    /** A name that is in the array before stays there. */
    private void room(int count) {
        if (scratchEnd + count > scratch.length) {
            scratch = Arrays.copyOf(scratch, Math.max(2 * scratch.length, scratchEnd + count));
        }
    }

    /** Reads an integer (RFC 7541, section 5.1). Returns {@link #BROKEN} if it has no end or is too large. */
    private int number(int bits) {
        int mask = (1 << bits) - 1;
        int prefix = block[at++] & mask;
        if (prefix < mask) {
            return prefix;
        }
        long number = mask;
        for (int shift = 0; shift <= MOST_SHIFT; shift += 7) {
            if (at == end) {
                return BROKEN;
            }
            int octet = block[at++];
            number += (long) (octet & 0x7f) << shift;
            if (octet >= 0) {
                return number <= Integer.MAX_VALUE ? (int) number : BROKEN;
            }
        }
        return BROKEN;
    }
}
