package dev.turnout.proxy.route;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.turnout.proxy.http1.Octets;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A fixed map whose keys are strings of bytes. It is asked with a piece of an array and the hash of that piece, which
 * the caller makes on its way through the bytes: asking takes no copy, no object and no second look.
 */
final class ByteSliceMap<V> {

    private final boolean ignoresCase;
    private final byte[][] keys;
    private final Object[] values;
    private int longest;

    /**
     * @param hash what callers of {@link #get} will have made of the same bytes
     * @param ignoresCase whether a letter asked with may be in upper case; the keys are in lower case then
     */
    ByteSliceMap(Map<String, V> entries, ToIntFunction<byte[]> hash, boolean ignoresCase) {
        this.ignoresCase = ignoresCase;
        int room = Integer.highestOneBit(Math.max(1, entries.size()) * 4);
        keys = new byte[room][];
        values = new Object[room];
        entries.forEach((text, value) -> put(text.getBytes(ISO_8859_1), value, hash));
    }

    private void put(byte[] key, V value, ToIntFunction<byte[]> hash) {
        int at = slot(hash.applyAsInt(key));
        while (keys[at] != null) {
            at = at + 1 & keys.length - 1;
        }
        keys[at] = key;
        values[at] = value;
        longest = Math.max(longest, key.length);
    }

    /** Returns the value of a key; null if there is none. */
    @SuppressWarnings("unchecked")
    @Nullable
    V get(byte[] source, int from, int to, int hash) {
        int at = slot(hash);
        while (keys[at] != null) {
            if (isKey(keys[at], source, from, to)) {
                return (V) values[at];
            }
            at = at + 1 & keys.length - 1;
        }
        return null;
    }

    private boolean isKey(byte[] key, byte[] source, int from, int to) {
        if (to - from != key.length) {
            return false;
        }
        for (int i = 0; i < key.length; i++) {
            byte b = source[from + i];
            if ((ignoresCase ? Octets.lower(b) : b) != key[i]) {
                return false;
            }
        }
        return true;
    }

    private int slot(int hash) {
        int mixed = hash * 0x9E3779B9;
        return (mixed ^ mixed >>> 16) & keys.length - 1;
    }

    /** Returns the length of the longest key, in bytes. */
    int longest() {
        return longest;
    }
}
