package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;

/**
 * A set of field names, looked up in any spelling that a recipient may take for the same name. CGI, WSGI, PHP and
 * others make a variable of each name, with {@code _} for {@code -}; some put it for every other separator too.
 */
public final class FieldNames {

    /** How a name is found in the set. */
    enum Match {
        /** Not at all. */
        NONE,
        /** In any case of letters. */
        EXACT,
        /** With other separators. */
        LOOKALIKE
    }

    private static final byte[] FOLDED = folded();

    private final byte[][][] byLength;

    private FieldNames(byte[][][] byLength) {
        this.byLength = byLength;
    }

    /** Returns the set of these names. */
    public static FieldNames of(Collection<String> names) {
        List<byte[]> spelled = new LinkedHashSet<>(names)
                .stream()
                        .map(name -> name.toLowerCase(Locale.ROOT).getBytes(US_ASCII))
                        .toList();
        int longest = spelled.stream().mapToInt(name -> name.length).max().orElse(0);
        byte[][][] byLength = new byte[longest + 1][][];
        for (int length = 0; length <= longest; length++) {
            int wanted = length;
            byLength[length] =
                    spelled.stream().filter(name -> name.length == wanted).toArray(byte[][]::new);
        }
        return new FieldNames(byLength);
    }

    /** Letters in lower case, digits as they are, and one separator for all others that a name may hold. */
    private static byte[] folded() {
        byte[] folded = new byte[256];
        Arrays.fill(folded, (byte) '-');
        for (int c = '0'; c <= '9'; c++) {
            folded[c] = (byte) c;
        }
        for (int c = 'a'; c <= 'z'; c++) {
            folded[c] = (byte) c;
            folded[c - 32] = (byte) c;
        }
        return folded;
    }

    Match match(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length >= byLength.length) {
            return Match.NONE;
        }
        Match match = Match.NONE;
        for (byte[] name : byLength[length]) {
            if (isSpelling(name, bytes, from)) {
                if (Octets.equalsIgnoreCase(bytes, from, to, name)) {
                    return Match.EXACT;
                }
                match = Match.LOOKALIKE;
            }
        }
        return match;
    }

    /** Compares from the end: many names begin alike. */
    private static boolean isSpelling(byte[] name, byte[] bytes, int from) {
        for (int i = name.length - 1; i >= 0; i--) {
            if (FOLDED[bytes[from + i] & 0xff] != FOLDED[name[i]]) {
                return false;
            }
        }
        return true;
    }

    /** Returns true if a name is in the set, in any spelling. */
    public boolean contains(byte[] bytes, int from, int to) {
        return match(bytes, from, to) != Match.NONE;
    }

    /** Returns how long the longest of the names is. */
    int longest() {
        return byLength.length - 1;
    }
}
