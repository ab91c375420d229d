package dev.turnout.tls;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of host names and of wildcards for one label, found by the bytes of a name. A look-up makes no object. Any
 * thread.
 */
final class ServerNames<T> {

    private static final String WILDCARD = "*.";

    private final Table<T> exact;
    private final Table<T> wildcards;

    /** @param values by name in lower case; a name may begin with {@code *.} */
    ServerNames(Map<String, T> values) {
        exact = new Table<>(values.size());
        wildcards = new Table<>(values.size());
        values.forEach((name, value) -> {
            if (name.startsWith(WILDCARD)) {
                wildcards.put(name.substring(WILDCARD.length()), value);
            } else {
                exact.put(name, value);
            }
        });
    }

    /** Returns the value of a name, in any case of letters: its own, or that of the wildcard for its first label. */
    @Nullable
    T find(byte[] bytes, int start, int end) {
        int last = end > start && bytes[end - 1] == '.' ? end - 1 : end;
        T own = exact.find(bytes, start, last);
        if (own != null) {
            return own;
        }
        for (int i = start; i < last; i++) {
            if (bytes[i] == '.') {
                return i == start ? null : wildcards.find(bytes, i + 1, last);
            }
        }
        return null;
    }

    /**
     * Returns the value of a name, or that of the longest wildcard that it is below, by any number of labels, as hosts of
     * services are.
     */
    @Nullable
    T findAround(byte[] bytes, int start, int end) {
        int last = end > start && bytes[end - 1] == '.' ? end - 1 : end;
        T found = exact.find(bytes, start, last);
        for (int i = start + 1; found == null && i < last; i++) {
            if (bytes[i] == '.') {
                found = wildcards.find(bytes, i + 1, last);
            }
        }
        return found;
    }

    /** Returns the value of a name. */
    @Nullable
    T find(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        return find(bytes, 0, bytes.length);
    }

    /** Returns the value that is a wildcard's own. */
    @Nullable
    T findWildcard(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        return wildcards.find(bytes, WILDCARD.length(), bytes.length);
    }

    /** A hash table with open addressing. At least half of it is free. */
    private static final class Table<T> {

        /** A free place has no bytes: no name is empty. */
        private final byte[][] keys;

        private final @Nullable Object[] values;
        private final int mask;

        Table(int size) {
            int length = Integer.highestOneBit(Math.max(size, 1)) * 4;
            keys = new byte[length][0];
            values = new Object[length];
            mask = length - 1;
        }

        void put(String name, T value) {
            byte[] key = name.getBytes(StandardCharsets.US_ASCII);
            int place = hash(key, 0, key.length) & mask;
            while (keys[place].length > 0) {
                place = place + 1 & mask;
            }
            keys[place] = key;
            values[place] = value;
        }

        @SuppressWarnings("unchecked")
        @Nullable
        T find(byte[] bytes, int start, int end) {
            int place = hash(bytes, start, end) & mask;
            while (true) {
                byte[] key = keys[place];
                if (key.length == 0) {
                    return null;
                }
                if (isSame(key, bytes, start, end)) {
                    return (T) values[place];
                }
                place = place + 1 & mask;
            }
        }

        private static boolean isSame(byte[] key, byte[] bytes, int start, int end) {
            if (key.length != end - start) {
                return false;
            }
            for (int i = 0; i < key.length; i++) {
                if (key[i] != lower(bytes[start + i])) {
                    return false;
                }
            }
            return true;
        }

        private static int hash(byte[] bytes, int start, int end) {
            int hash = 0;
            for (int i = start; i < end; i++) {
                hash = 31 * hash + lower(bytes[i]);
            }
            return hash ^ hash >>> 16;
        }

        private static byte lower(byte b) {
            return b >= 'A' && b <= 'Z' ? (byte) (b + ('a' - 'A')) : b;
        }
    }
}
