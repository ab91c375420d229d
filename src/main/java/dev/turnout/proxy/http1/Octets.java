package dev.turnout.proxy.http1;

/** The classes of octets that RFC 9110 and RFC 3986 name, as tables, and comparisons that ignore case. */
public final class Octets {

    private static final int TOKEN = 1;
    private static final int VALUE = 2;
    private static final int TARGET = 4;
    private static final int HOST = 8;

    private static final int HEX_DIGITS = 16;

    private static final byte[] CLASSES = classes();

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

    /** Returns true if some bytes are a word, given in lower case, in any case of letters. */
    public static boolean equalsIgnoreCase(byte[] bytes, int from, int to, byte[] lowerCase) {
        if (to - from != lowerCase.length) {
            return false;
        }
        for (int i = 0; i < lowerCase.length; i++) {
            if (lower(bytes[from + i]) != lowerCase[i]) {
                return false;
            }
        }
        return true;
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
        return (byte) Character.forDigit(number & 0xf, 16);
    }

    /** Returns the octet, a letter in lower case. */
    public static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b + 32) : b;
    }
}
