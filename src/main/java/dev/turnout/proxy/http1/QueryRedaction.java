package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The query parameters whose values are left out of the access log, by their names in any case. An immutable value. */
public final class QueryRedaction {

    /** Leaves nothing out. */
    public static final QueryRedaction NONE = new QueryRedaction(List.of());

    private static final byte[] REDACTED = "***".getBytes(ISO_8859_1);

    private final Set<String> names;

    /** @param names of parameters */
    public QueryRedaction(List<String> names) {
        this.names = names.stream().map(QueryRedaction::lower).collect(Collectors.toUnmodifiableSet());
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** Where the pieces of a text go. */
    interface Pieces {
        void add(byte[] bytes, int from, int to);
    }

    /** Gives a URL or a part of one in pieces, with stars in the place of values that are left out. */
    void pass(byte[] bytes, int from, int to, Pieces pieces) {
        int query = names.isEmpty() ? to : indexOf(bytes, from, to, '?', '?');
        int kept = from;
        int name = query + 1;
        while (name < to) {
            int end = indexOf(bytes, name, to, '&', ';');
            int value = indexOf(bytes, name, end, '=', '=') + 1;
            if (value < end && isRedacted(bytes, name, value - 1)) {
                pieces.add(bytes, kept, value);
                pieces.add(REDACTED, 0, REDACTED.length);
                kept = end;
            }
            name = end + 1;
        }
        pieces.add(bytes, kept, to);
    }

    private boolean isRedacted(byte[] bytes, int from, int to) {
        String name = new String(bytes, from, to - from, ISO_8859_1);
        return names.contains(lower(name)) || name.indexOf('%') >= 0 && names.contains(lower(decoded(name)));
    }

    private static String decoded(String name) {
        try {
            return URLDecoder.decode(name, UTF_8);
        } catch (IllegalArgumentException e) {
            return name;
        }
    }

    private static int indexOf(byte[] bytes, int from, int to, char one, char other) {
        int at = from;
        while (at < to && bytes[at] != one && bytes[at] != other) {
            at++;
        }
        return at;
    }
}
