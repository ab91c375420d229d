package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.Locale;

/**
 * The query parameters whose values are left out of the access log and of spans. The case of names makes no difference.
 * An immutable value.
 */
public final class QueryRedaction {

    /** Leaves nothing out. */
    public static final QueryRedaction NONE = new QueryRedaction(List.of());

    private static final byte[] REDACTED = "***".getBytes(ISO_8859_1);

    /** In lower case. */
    private final List<byte[]> names;

    /** @param names of parameters, in ASCII */
    public QueryRedaction(List<String> names) {
        this.names = names.stream()
                .map(name -> name.toLowerCase(Locale.ROOT).getBytes(ISO_8859_1))
                .toList();
    }

    /** Where the pieces of a text go. */
    interface Pieces {
        void add(byte[] bytes, int from, int to);
    }

    /**
     * Gives a URL or a part of one in pieces, with stars in the place of values that are left out. A name begins behind
     * an ampersand or a semicolon. A value that is left out ends at an ampersand only, as many applications see it.
     */
    void pass(byte[] bytes, int from, int to, Pieces pieces) {
        int query = names.isEmpty() ? to : indexOf(bytes, from, to, '?', '?');
        int kept = from;
        int name = query + 1;
        while (name < to) {
            int end = indexOf(bytes, name, to, '&', ';');
            int value = indexOf(bytes, name, end, '=', '=') + 1;
            if (value < end && isRedacted(bytes, name, value - 1)) {
                end = indexOf(bytes, end, to, '&', '&');
                pieces.add(bytes, kept, value);
                pieces.add(REDACTED, 0, REDACTED.length);
                kept = end;
            }
            name = end + 1;
        }
        pieces.add(bytes, kept, to);
    }

    /** Returns a URL or a part of one, with stars in the place of values that are left out. */
    public String text(byte[] bytes, int from, int to) {
        StringBuilder text = new StringBuilder(to - from);
        pass(bytes, from, to, (piece, start, end) -> text.append(new String(piece, start, end - start, ISO_8859_1)));
        return text.toString();
    }

    private boolean isRedacted(byte[] bytes, int from, int to) {
        for (byte[] name : names) {
            if (spells(name, bytes, from, to)) {
                return true;
            }
        }
        return false;
    }

    private static boolean spells(byte[] name, byte[] bytes, int from, int to) {
        int at = from;
        for (byte expected : name) {
            if (at == to) {
                return false;
            }
            boolean isEncoded = isEncoded(bytes, at, to);
            byte b = isEncoded ? (byte) (Octets.hex(bytes[at + 1]) << 4 | Octets.hex(bytes[at + 2])) : bytes[at];
            if (Octets.lower(b) != expected) {
                return false;
            }
            at += isEncoded ? 3 : 1;
        }
        return at == to;
    }

    private static boolean isEncoded(byte[] bytes, int at, int to) {
        return bytes[at] == '%' && at + 2 < to && Octets.hex(bytes[at + 1]) >= 0 && Octets.hex(bytes[at + 2]) >= 0;
    }

    private static int indexOf(byte[] bytes, int from, int to, char one, char other) {
        int at = from;
        while (at < to && bytes[at] != one && bytes[at] != other) {
            at++;
        }
        return at;
    }
}
