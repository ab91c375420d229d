package dev.turnout.proxy.http2;

/**
 * The Huffman code of RFC 7541, appendix B. The code is canonical: the lengths of its words give the words.
 *
 * <p>A table of 12 bits gives one or two words at a time, as most text has words of 5 to 7 bits. Longer words are found
 * by their length.
 */
final class HuffmanCode {

    /** What {@link #decode} returns for bytes that are not in the code. */
    static final int BROKEN = -1;

    /** The length of each octet's word and of the end's, less 5, as a capital letter. */
    private static final String LENGTHS = "ISXXXXXXXTZXXZXXXXXXXXZXXXXXXXXX"
            + "BFFHIBDGFFDGDBBBAAABBBBBBBCDKBHF"
            + "IBCCCCCCCCCCCCCCCCCCCCCCDCDIOIJB"
            + "KABABABBBACCBBBABCBAABCCCCCKGJIX"
            + "PRPPRRRSRSSSSSTSTTRSTSSSSQRSRSST"
            + "RQPRRSSQSRRTQRSSQQRQSRSSPRRRSRRS"
            + "VVPORSRUVVVWWVTUOQVWWVWTQQVVXWWW"
            + "PTPQRQQSRRUUTTVSVWVVWWWWWXWWWWWV"
            + "Z";

    private static final int END = 256;
    private static final int SHORTEST = 5;
    private static final int LONGEST = 30;
    private static final int MASK = (1 << LONGEST) - 1;
    private static final int FAST = 12;

    /** For each 12 bits, from the lowest octet up: the first octet, the second one, the bits, how many octets; or 0. */
    private static final int[] FAST_WORDS = new int[1 << FAST];

    /** For each length: the words that are not longer are those below this, as the upper bits of 30. */
    private static final int[] BOUNDS = new int[LONGEST + 1];

    /** For each length: what to add to a word, to get the place of its octet in {@link #BY_WORD}. */
    private static final int[] PLACES = new int[LONGEST + 1];

    private static final short[] BY_WORD = new short[END + 1];

    static {
        int word = 0;
        int place = 0;
        for (int length = 1; length <= LONGEST; length++) {
            PLACES[length] = place - word;
            for (int symbol = 0; symbol <= END; symbol++) {
                if (LENGTHS.charAt(symbol) - 'A' + SHORTEST == length) {
                    BY_WORD[place++] = (short) symbol;
                    word++;
                }
            }
            BOUNDS[length] = word << LONGEST - length;
            word <<= 1;
        }
        for (int bits = 0; bits < FAST_WORDS.length; bits++) {
            FAST_WORDS[bits] = fastWords(bits);
        }
    }

    private HuffmanCode() {}

    private static int fastWords(int bits) {
        int window = bits << LONGEST - FAST;
        int first = lengthOf(window);
        if (first > FAST) {
            return 0;
        }
        int rest = window << first & MASK;
        int second = lengthOf(rest);
        return first + second > FAST
                ? 1 << 24 | first << 16 | symbol(window, first)
                : 2 << 24 | first + second << 16 | symbol(rest, second) << 8 | symbol(window, first);
    }

    private static int symbol(int window, int length) {
        return BY_WORD[(window >>> LONGEST - length) + PLACES[length]];
    }

    /** Returns how much room the octets may take that so many bytes stand for. */
    static int mostOctets(int bytes) {
        return (int) (bytes * 8L / SHORTEST) + 1;
    }

    /**
     * Decodes bytes.
     *
     * @param out with room for {@link #mostOctets} from {@code at} on
     * @return where the octets end in {@code out}, or {@link #BROKEN}
     */
    static int decode(byte[] source, int from, int to, byte[] out, int at) {
        long bits = 0;
        int count = 0;
        int next = from;
        int end = at;
        while (true) {
            if (count < LONGEST) {
                for (; count <= Integer.SIZE && next < to; count += 8) {
                    bits = bits << 8 | source[next++] & 0xff;
                }
            }
            if (count >= FAST) {
                int entry = FAST_WORDS[(int) (bits >>> count - FAST) & FAST_WORDS.length - 1];
                if (entry != 0) {
                    out[end] = (byte) entry;
                    out[end + 1] = (byte) (entry >> 8);
                    end += entry >>> 24;
                    count -= entry >> 16 & 0xff;
                    continue;
                }
            }
            int window = window(bits, count);
            int length = lengthOf(window);
            if (length > count) {
                return isPadding(bits, count) ? end : BROKEN;
            }
            int symbol = symbol(window, length);
            if (symbol == END) {
                return BROKEN;
            }
            out[end++] = (byte) symbol;
            count -= length;
        }
    }

    /** Returns the next 30 bits. What is behind the last one counts as ones, as in the padding. */
    private static int window(long bits, int count) {
        if (count >= LONGEST) {
            return (int) (bits >>> count - LONGEST) & MASK;
        }
        int missing = LONGEST - count;
        return (int) (bits << missing | (1L << missing) - 1) & MASK;
    }

    private static int lengthOf(int window) {
        int length = SHORTEST;
        while (length < LONGEST && window >= BOUNDS[length]) {
            length++;
        }
        return length;
    }

    /** RFC 7541, section 5.2: less than 8 bits, all of them ones. */
    private static boolean isPadding(long bits, int count) {
        long ones = (1L << count) - 1;
        return count < 8 && (bits & ones) == ones;
    }
}
