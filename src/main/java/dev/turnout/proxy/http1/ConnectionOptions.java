package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * What the Connection lines of one head say (RFC 9110, section 7.6.1). Reused from head to head. Not safe for use by
 * more than one thread.
 */
final class ConnectionOptions {

    private static final byte[] CLOSE = "close".getBytes(US_ASCII);
    private static final byte[] KEEP_ALIVE = "keep-alive".getBytes(US_ASCII);
    private static final byte[] UPGRADE = "upgrade".getBytes(US_ASCII);

    /** Each option is looked for among all lines: without a bound, one head could keep an event loop for long. */
    private static final int MOST_OPTIONS = 32;

    private final int[] options = new int[2 * MOST_OPTIONS];
    private byte[] bytes = new byte[0];
    private int count;
    private boolean close;
    private boolean keepAlive;
    private boolean upgrade;

    /** Forgets the head before. */
    void clear() {
        count = 0;
        close = false;
        keepAlive = false;
        upgrade = false;
    }

    /**
     * Reads the value of one line, {@code #connection-option}. What is not a token names nothing.
     *
     * @return false if there are too many options
     */
    boolean read(byte[] source, int from, int to) {
        bytes = source;
        int at = from;
        while (at < to) {
            int start = at;
            at = Octets.endOfToken(source, at, to);
            if (at == start) {
                at++;
            } else if (!option(start, at)) {
                return false;
            }
        }
        return true;
    }

    /** Notes one option. Returns false if there are too many. */
    private boolean option(int from, int to) {
        if (Octets.equalsIgnoreCase(bytes, from, to, CLOSE)) {
            close = true;
        } else if (Octets.equalsIgnoreCase(bytes, from, to, KEEP_ALIVE)) {
            keepAlive = true;
        } else if (Octets.equalsIgnoreCase(bytes, from, to, UPGRADE)) {
            upgrade = true;
        } else if (FieldName.of(bytes, from, to).mayBeNamedByConnection()) {
            if (count == MOST_OPTIONS) {
                return false;
            }
            options[count * 2] = from;
            options[count * 2 + 1] = to;
            count++;
        }
        return true;
    }

    /** Returns true if no option names a field. */
    boolean isEmpty() {
        return count == 0;
    }

    /** Returns true if an option names the field whose name stands here in the same array. */
    boolean names(int from, int to) {
        for (int i = 0; i < count; i++) {
            if (Octets.equalsIgnoreCase(bytes, from, to, options[i * 2], options[i * 2 + 1])) {
                return true;
            }
        }
        return false;
    }

    boolean close() {
        return close;
    }

    boolean keepAlive() {
        return keepAlive;
    }

    boolean upgrade() {
        return upgrade;
    }
}
