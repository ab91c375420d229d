package dev.turnout.proxy.http2;

/**
 * The Huffman code of RFC 7541, appendix B. The code is canonical: the lengths of its words give the words.
 *
 * <p>A table gives the words of up to 8 bits, which are those of most text. Longer words are found by their length.
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
    private static final int FAST = 8;

    /** For each 8 bits: the word's length in the upper byte and its octet in the lower; 0 if the word is longer. */
    private static final short[] SHORT_WORDS = new short[1 << FAST];

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
                    putShort(word++, length, symbol);
                }
            }
            BOUNDS[length] = word << LONGEST - length;
            word <<= 1;
        }
    }

    private HuffmanCode() {}

    private static void putShort(int word, int length, int symbol) {
        if (length <= FAST) {
            int first = word << FAST - length;
            for (int i = 0; i < 1 << FAST - length; i++) {
                SHORT_WORDS[first + i] = (short) (length << 8 | symbol);
            }
        }
    }

    /** Returns the most octets that so many bytes can stand for. */
    static int mostOctets(int bytes) {
        return (int) (bytes * 8L / SHORTEST);
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
            while (count <= Long.SIZE - 2 * Byte.SIZE && next < to) {
                bits = bits << 8 | source[next++] & 0xff;
                count += 8;
            }
            if (count >= FAST) {
                int entry = SHORT_WORDS[(int) (bits >>> count - FAST) & 0xff];
                if (entry != 0) {
                    out[end++] = (byte) entry;
                    count -= entry >> 8;
                    continue;
                }
            }
            int window = window(bits, count);
            int length = lengthOf(window);
            if (length > count) {
                return isPadding(bits, count) ? end : BROKEN;
            }
            int symbol = BY_WORD[(window >>> LONGEST - length) + PLACES[length]];
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
            return (int) (bits >>> count - LONGEST) & (1 << LONGEST) - 1;
        }
        int missing = LONGEST - count;
        return (int) (bits << missing | (1L << missing) - 1) & (1 << LONGEST) - 1;
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
