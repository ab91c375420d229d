package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The classes of octets that RFC 9110 and RFC 3986 name, as tables, and comparisons that ignore case. */
public final class Octets {

    private static final int TOKEN = 1;
    private static final int VALUE = 2;
    private static final int TARGET = 4;
    private static final int HOST = 8;

    private static final int HEX_DIGITS = 16;
    private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);

    private static final byte[] CLASSES = classes();

    /** Reads and writes eight octets at once, the first one lowest. */
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Reads and writes four octets at once, the first one lowest. */
    private static final VarHandle FOUR = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /** From so many octets on the copy of the platform is the faster one. */
    private static final int LONG_COPY = 64;

    private static final long EACH = 0x0101010101010101L;
    private static final long HIGHEST_BITS = EACH * 0x80;
    private static final long SPACES = EACH * ' ';
    private static final long DELETES = EACH * 0x7f;
    private static final long HYPHENS = EACH * '-';

    /** The bit that tells letters in lower case from those in upper case. */
    private static final long CASES = EACH * 0x20;

    private Octets() {}

    private static byte[] classes() {
        byte[] classes = new byte[256];
        for (int c = 'a'; c <= 'z'; c++) {
            classes[c] |= TOKEN | HOST;
            classes[c - 32] |= TOKEN | HOST;
        }
        for (int c = '0'; c <= '9'; c++) {
            classes[c] |= TOKEN | HOST;
        }
        for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
            classes[c] |= TOKEN;
        }
        for (char c : "-._~%!$&'()*+;=".toCharArray()) {
            classes[c] |= HOST;
        }
        for (int c = 0x21; c <= 0xff; c++) {
            if (c != 0x7f) {
                classes[c] |= VALUE;
            }
            if (c < 0x7f && c != '#') {
                classes[c] |= TARGET;
            }
        }
        return classes;
    }

    /** tchar of RFC 9110, section 5.6.2. */
    public static boolean isToken(byte b) {
        return (CLASSES[b & 0xff] & TOKEN) != 0;
    }

    /** field-vchar of RFC 9110, section 5.5: a visible character or obs-text. */
    public static boolean isValue(byte b) {
        return (CLASSES[b & 0xff] & VALUE) != 0;
    }

    /** Returns true for a space or a tab: OWS of RFC 9110, section 5.6.3. */
    static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    /** Returns true for what a field value may hold: {@link #isValue} and {@link #isBlank}. */
    static boolean isText(byte b) {
        return isValue(b) || isBlank(b);
    }

    /** Returns where text ends: the offset of the first octet that is not {@link #isText}, or the end. */
    static int endOfText(byte[] bytes, int from, int to) {
        int at = from;
        while (at + Long.BYTES <= to) {
            long controls = controls((long) EIGHT.get(bytes, at));
            at += firstMarked(controls);
            if (controls != 0) {
                if (bytes[at] != '\t') {
                    return at;
                }
                at++;
            }
        }
        while (at < to && isText(bytes[at])) {
            at++;
        }
        return at;
    }

    /** Returns where a token ends: the offset of the first octet that is not {@link #isToken}, or the end. */
    static int endOfToken(byte[] bytes, int from, int to) {
        int at = from;
        while (at + Long.BYTES <= to) {
            long others = ~lettersAndHyphens((long) EIGHT.get(bytes, at)) & HIGHEST_BITS;
            at += firstMarked(others);
            if (others != 0) {
                if (!isToken(bytes[at])) {
                    return at;
                }
                at++;
            }
        }
        while (at < to && isToken(bytes[at])) {
            at++;
        }
        return at;
    }

    /** Returns which of eight octets is the first one that is marked by its highest bit; 8 if none is. */
    private static int firstMarked(long marks) {
        return Long.numberOfTrailingZeros(marks) >>> 3;
    }

    /**
     * Marks the octets that nearly all names consist of, by their highest bits. The marks above the first other octet may be
     * wrong.
     */
    private static long lettersAndHyphens(long eight) {
        long differentFromHyphens = eight ^ HYPHENS;
        // The highest bit of each octet that is 0 here stays 0, for octets below 0x80.
        long notHyphens = differentFromHyphens + EACH * 0x7f;
        return (lowerLetters(eight | CASES) | ~notHyphens) & ~eight & HIGHEST_BITS;
    }

    /** Marks each octet that is a letter in lower case, by its highest bit. For octets below 0x80 only. */
    private static long lowerLetters(long eight) {
        return eight + EACH * (0x80 - 'a') & ~(eight + EACH * (0x80 - 'z' - 1)) & HIGHEST_BITS;
    }

    /** Marks octets below a space, and DEL, by their highest bits. The marks above the first one may be wrong. */
    private static long controls(long eight) {
        long different = eight ^ DELETES;
        return (eight - SPACES & ~eight | different - EACH & ~different) & HIGHEST_BITS;
    }

    /** Returns true for what a request target may hold: visible ASCII but for the fragment's {@code #}. */
    public static boolean isTarget(byte b) {
        return (CLASSES[b & 0xff] & TARGET) != 0;
    }

    /** reg-name of RFC 3986, but for the comma, which joins what ought to be two Hosts. */
    static boolean isHost(byte b) {
        return (CLASSES[b & 0xff] & HOST) != 0;
    }

    /** Returns true for a decimal digit. */
    public static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** Returns the value of a hexadecimal digit, or -1. */
    static int hex(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        int lower = b | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    /** Returns true if some bytes are a word of ASCII, given in lower case, in any case of letters. */
    public static boolean equalsIgnoreCase(byte[] bytes, int from, int to, byte[] lowerCase) {
        int length = lowerCase.length;
        if (to - from != length) {
            return false;
        }
        if (length >= Long.BYTES) {
            int last = length - Long.BYTES;
            for (int i = 0; i < last; i += Long.BYTES) {
                if (!isSame((long) EIGHT.get(bytes, from + i), (long) EIGHT.get(lowerCase, i))) {
                    return false;
                }
            }
            return isSame((long) EIGHT.get(bytes, from + last), (long) EIGHT.get(lowerCase, last));
        }
        if (length >= Integer.BYTES) {
            int last = length - Integer.BYTES;
            return isSame((int) FOUR.get(bytes, from), (int) FOUR.get(lowerCase, 0))
                    && isSame((int) FOUR.get(bytes, from + last), (int) FOUR.get(lowerCase, last));
        }
        for (int i = 0; i < length; i++) {
            if (lower(bytes[from + i]) != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }

    /** A letter may have its case bit or not; each other octet has to be the same. */
    private static boolean isSame(long eight, long lowerCase) {
        return (eight | lowerLetters(lowerCase) >>> 2) == lowerCase;
    }

    /** Returns true if some bytes are a word, each octet the same. */
    static boolean are(byte[] bytes, int from, int to, byte[] word) {
        if (to - from != word.length) {
            return false;
        }
        for (int i = 0; i < word.length; i++) {
            if (bytes[from + i] != word[i]) {
                return false;
            }
        }
        return true;
    }

    /** Returns true if some bytes begin with these eight octets. */
    static boolean beginWithEight(byte[] bytes, int from, int to, byte[] eight) {
        return to - from >= Long.BYTES && (long) EIGHT.get(bytes, from) == (long) EIGHT.get(eight, 0);
    }

    /** Returns true if two runs of bytes are the same in any case of letters. */
    static boolean equalsIgnoreCase(byte[] bytes, int from, int to, int otherFrom, int otherTo) {
        if (to - from != otherTo - otherFrom) {
            return false;
        }
        for (int i = 0; i < to - from; i++) {
            if (lower(bytes[from + i]) != lower(bytes[otherFrom + i])) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns true if a text holds a word, in any case of letters.
     *
     * @param word in lower case
     * @param whole false if a word that only begins like this is enough
     */
    static boolean containsWord(byte[] bytes, int from, int to, byte[] word, boolean whole) {
        for (int at = from; at + word.length <= to; at++) {
            int end = at + word.length;
            if (equalsIgnoreCase(bytes, at, end, word)
                    && (at == from || !isToken(bytes[at - 1]))
                    && (!whole || end == to || !isToken(bytes[end]))) {
                return true;
            }
        }
        return false;
    }

    /** Copies octets into another array: mostly a few, for which the copy of the platform does much before it begins. */
    static void copy(byte[] from, int at, byte[] to, int toAt, int count) {
        if (count > LONG_COPY || count < 0) {
            System.arraycopy(from, at, to, toAt, count);
        } else if (count >= Long.BYTES) {
            int last = count - Long.BYTES;
            for (int i = 0; i < last; i += Long.BYTES) {
                EIGHT.set(to, toAt + i, (long) EIGHT.get(from, at + i));
            }
            EIGHT.set(to, toAt + last, (long) EIGHT.get(from, at + last));
        } else if (count >= Integer.BYTES) {
            int last = count - Integer.BYTES;
            FOUR.set(to, toAt, (int) FOUR.get(from, at));
            FOUR.set(to, toAt + last, (int) FOUR.get(from, at + last));
        } else {
            for (int i = 0; i < count; i++) {
                to[toAt + i] = from[at + i];
            }
        }
    }

    /** Writes a number as 16 hexadecimal digits, and returns the place behind the digits. */
    public static int putHex(long number, byte[] bytes, int at) {
        for (int i = 0; i < HEX_DIGITS; i++) {
            bytes[at + i] = hexDigit((int) (number >>> 60 - 4 * i));
        }
        return at + HEX_DIGITS;
    }

    /** Returns the number that 16 hexadecimal digits stand for. */
    static long hexNumber(byte[] bytes, int from) {
        long number = 0;
        for (int i = from; i < from + HEX_DIGITS; i++) {
            number = number << 4 | hex(bytes[i]);
        }
        return number;
    }

    /** Returns the hexadecimal digit of a number's lowest four bits. */
    static byte hexDigit(int number) {
        return HEX[number & 0xf];
    }

    /** Returns the octet, a letter in lower case. */
    public static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b + 32) : b;
    }
}
