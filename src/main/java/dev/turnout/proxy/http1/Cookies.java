package dev.turnout.proxy.http1;

/** The cookies that a client sends (RFC 6265, section 4.2.1), over all field lines of the head. Any thread. */
final class Cookies {

    /** What a reader returns for a pair that is not the wanted one. */
    static final long NOT_THIS = -1;

    /** Reads one cookie. */
    @FunctionalInterface
    interface PairReader {

        /**
         * Returns what a pair {@code name=value} stands for; {@link #NOT_THIS} if another pair is looked for.
         *
         * @param from where the name begins
         * @param to where the value ends
         */
        long read(byte[] bytes, int from, int to);
    }

    private Cookies() {}

    /** Returns what the first pair that the reader knows stands for; {@link #NOT_THIS} if there is none. */
    static long first(RequestHead head, PairReader reader) {
        FieldLines fields = head.fields();
        if (fields.count(FieldName.COOKIE) == 0) {
            return NOT_THIS;
        }
        for (int line = 0; line < fields.size(); line++) {
            if (fields.name(line) == FieldName.COOKIE) {
                long found = first(head.bytes(), fields.valueStart(line), fields.valueEnd(line), reader);
                if (found != NOT_THIS) {
                    return found;
                }
            }
        }
        return NOT_THIS;
    }

    private static long first(byte[] bytes, int from, int to, PairReader reader) {
        int start = from;
        while (start < to) {
            int end = start;
            while (end < to && bytes[end] != ';') {
                end++;
            }
            long found = reader.read(bytes, start, end);
            if (found != NOT_THIS) {
                return found;
            }
            start = end + 1;
            while (start < to && bytes[start] == ' ') {
                start++;
            }
        }
        return NOT_THIS;
    }
}
