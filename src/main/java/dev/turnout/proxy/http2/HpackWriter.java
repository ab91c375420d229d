package dev.turnout.proxy.http2;

import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http1.Octets;

/**
 * Writes fields of header blocks (RFC 7541, section 6) with the static table alone: a block depends on no block before
 * it, and a connection keeps nothing for it. What may be a secret is never indexed by anybody on the way. One per event
 * loop. Not safe for use by more than one thread.
 */
final class HpackWriter {

    private static final int INDEXED = 0x80;
    private static final int NO_DYNAMIC_TABLE = 0x20;
    private static final int NEVER_INDEXED = 0x10;
    private static final int WITHOUT_INDEXING = 0;

    private static final int INDEXED_BITS = 7;
    private static final int LITERAL_BITS = 4;
    private static final int LENGTH_BITS = 7;

    private static final int STATUS_DIGITS = 3;

    private byte[] name = new byte[64];

    /**
     * Says that the dynamic table is not used. Stands once, at the beginning of a connection's first block: a peer may
     * then change the largest size of the table at any time (RFC 7541, section 4.2).
     */
    static void noDynamicTable(HeadWriter out) {
        out.octet(NO_DYNAMIC_TABLE);
    }

    /** Writes a field of the static table. */
    static void indexed(int index, HeadWriter out) {
        number(INDEXED, INDEXED_BITS, index, out);
    }

    /** Writes a field whose name is in the static table. */
    static void field(int nameIndex, byte[] values, int from, int to, HeadWriter out) {
        number(isSecret(nameIndex) ? NEVER_INDEXED : WITHOUT_INDEXING, LITERAL_BITS, nameIndex, out);
        string(values, from, to, out);
    }

    /** Writes the status code of three digits. */
    static void status(int status, HeadWriter out) {
        number(WITHOUT_INDEXING, LITERAL_BITS, StaticTable.STATUS, out);
        number(0, LENGTH_BITS, STATUS_DIGITS, out);
        out.number(status);
    }

    /** Writes a field, its name in lower case. */
    void field(byte[] names, int nameFrom, int nameTo, byte[] values, int from, int to, HeadWriter out) {
        int length = nameTo - nameFrom;
        if (length > name.length) {
            name = new byte[Math.max(2 * name.length, length)];
        }
        for (int i = 0; i < length; i++) {
            name[i] = Octets.lower(names[nameFrom + i]);
        }
        int index = StaticTable.find(name, 0, length);
        if (index > 0) {
            field(index, values, from, to, out);
        } else {
            out.octet(WITHOUT_INDEXING);
            string(name, 0, length, out);
            string(values, from, to, out);
        }
    }

    private static boolean isSecret(int index) {
        return switch (index) {
            case StaticTable.SET_COOKIE,
                    StaticTable.COOKIE,
                    StaticTable.AUTHORIZATION,
                    StaticTable.PROXY_AUTHORIZATION -> true;
            default -> false;
        };
    }

    private static void string(byte[] bytes, int from, int to, HeadWriter out) {
        number(0, LENGTH_BITS, to - from, out);
        out.append(bytes, from, to);
    }

    /** Writes an integer (RFC 7541, section 5.1) behind the bits of its first octet. */
    private static void number(int first, int bits, int number, HeadWriter out) {
        int mask = (1 << bits) - 1;
        if (number < mask) {
            out.octet(first | number);
            return;
        }
        out.octet(first | mask);
        int rest = number - mask;
        while (rest >= 0x80) {
            out.octet(rest & 0x7f | 0x80);
            rest >>= 7;
        }
        out.octet(rest);
    }
}
