package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/**
 * The field lines of one head, scanned strictly (RFC 9112, section 5): where each line stands, which fields they are,
 * and what they say of framing and of the connection.
 *
 * <p>Offsets are into the array that was scanned; the object is reused from head to head, and its facts hold until the
 * next scan. Not safe for use by more than one thread.
 */
public final class FieldLines {

    private static final byte[] CHUNKED = "chunked".getBytes(US_ASCII);
    private static final byte[] CLOSE = "close".getBytes(US_ASCII);
    private static final byte[] KEEP_ALIVE = "keep-alive".getBytes(US_ASCII);
    private static final byte[] UPGRADE = "upgrade".getBytes(US_ASCII);
    private static final int MOST_LENGTH_DIGITS = 18;

    /** Each option is looked for among all lines: without a bound, one head could keep an event loop for long. */
    private static final int MOST_OPTIONS = 32;

    private final int[] counts = new int[FieldName.values().length];
    private final int[] lasts = new int[FieldName.values().length];
    private byte[] bytes = new byte[0];
    private FieldName[] names = new FieldName[64];
    private int[] nameStarts = new int[65];
    private int[] nameEnds = new int[64];
    private int[] valueStarts = new int[64];
    private int[] valueEnds = new int[64];
    private boolean[] dropped = new boolean[64];
    private final int[] options = new int[2 * MOST_OPTIONS];
    private int size;
    private int optionCount;
    private long contentLength;
    private boolean chunked;
    private boolean close;
    private boolean keepAlive;
    private boolean upgrade;
    private Rejection rejection = Rejection.BAD_FIELD_NAME;

    /**
     * Scans lines up to the empty one.
     *
     * @return the offset behind the empty line, or a code of {@link Scan}
     */
    int scan(byte[] source, int from, int to) {
        reset(source);
        int at = from;
        while (true) {
            if (at >= to) {
                return Scan.INCOMPLETE;
            }
            byte first = source[at];
            if (first == '\r') {
                if (at + 1 >= to) {
                    return Scan.INCOMPLETE;
                }
                if (source[at + 1] != '\n') {
                    return reject(Rejection.BARE_CR);
                }
                nameStarts[size] = at;
                dropNamedByConnection();
                return at + 2;
            }
            at = line(source, at, to);
            if (at < 0) {
                return at;
            }
        }
    }

    private int line(byte[] source, int from, int to) {
        int at = from;
        while (at < to && Octets.isToken(source[at])) {
            at++;
        }
        if (at == to) {
            return Scan.INCOMPLETE;
        }
        if (source[at] != ':' || at == from) {
            return reject(badName(source[at], at == from));
        }
        int nameEnd = at++;
        while (at < to && (source[at] == ' ' || source[at] == '\t')) {
            at++;
        }
        int valueStart = at;
        int valueEnd = at;
        while (true) {
            if (at >= to) {
                return Scan.INCOMPLETE;
            }
            byte b = source[at];
            if (Octets.isValue(b)) {
                valueEnd = ++at;
            } else if (b == ' ' || b == '\t') {
                at++;
            } else if (b == '\r') {
                break;
            } else {
                return reject(b == '\n' ? Rejection.BARE_LF : Rejection.CONTROL_CHARACTER);
            }
        }
        if (at + 1 >= to) {
            return Scan.INCOMPLETE;
        }
        if (source[at + 1] != '\n') {
            return reject(Rejection.BARE_CR);
        }
        return add(FieldName.of(source, from, nameEnd), from, nameEnd, valueStart, valueEnd) ? at + 2 : Scan.REJECTED;
    }

    private static Rejection badName(byte b, boolean atStart) {
        if (b == '\n') {
            return Rejection.BARE_LF;
        }
        if (b == ' ' || b == '\t') {
            return atStart ? Rejection.OBS_FOLD : Rejection.SPACE_BEFORE_COLON;
        }
        return b == '\r' && !atStart ? Rejection.BARE_CR : Rejection.BAD_FIELD_NAME;
    }

    private boolean add(FieldName name, int nameStart, int nameEnd, int valueStart, int valueEnd) {
        if (size == names.length) {
            grow();
        }
        names[size] = name;
        nameStarts[size] = nameStart;
        nameEnds[size] = nameEnd;
        valueStarts[size] = valueStart;
        valueEnds[size] = valueEnd;
        dropped[size] = name.isHopByHop();
        boolean repeated = counts[name.ordinal()]++ > 0;
        lasts[name.ordinal()] = size++;
        return switch (name) {
            case CONTENT_LENGTH -> contentLength(valueStart, valueEnd, repeated);
            case TRANSFER_ENCODING -> transferEncoding(valueStart, valueEnd, repeated);
            case CONNECTION -> connection(valueStart, valueEnd);
            default -> true;
        };
    }

    private boolean contentLength(int from, int to, boolean repeated) {
        if (repeated) {
            reject(Rejection.REPEATED_CONTENT_LENGTH);
            return false;
        }
        if (from == to || to - from > MOST_LENGTH_DIGITS) {
            reject(Rejection.BAD_CONTENT_LENGTH);
            return false;
        }
        long length = 0;
        for (int i = from; i < to; i++) {
            if (!Octets.isDigit(bytes[i])) {
                reject(Rejection.BAD_CONTENT_LENGTH);
                return false;
            }
            length = length * 10 + bytes[i] - '0';
        }
        contentLength = length;
        return true;
    }

    private boolean transferEncoding(int from, int to, boolean repeated) {
        if (repeated || !Octets.equalsIgnoreCase(bytes, from, to, CHUNKED)) {
            reject(Rejection.BAD_TRANSFER_ENCODING);
            return false;
        }
        chunked = true;
        return true;
    }

    /** Reads {@code #connection-option} (RFC 9110, section 7.6.1); what is not a token names nothing. */
    private boolean connection(int from, int to) {
        int at = from;
        while (at < to) {
            int start = at;
            while (at < to && Octets.isToken(bytes[at])) {
                at++;
            }
            if (at == start) {
                at++;
            } else if (!option(start, at)) {
                reject(Rejection.BAD_CONNECTION);
                return false;
            }
        }
        return true;
    }

    /** Notes one option; false if there are too many. */
    private boolean option(int from, int to) {
        if (Octets.equalsIgnoreCase(bytes, from, to, CLOSE)) {
            close = true;
        } else if (Octets.equalsIgnoreCase(bytes, from, to, KEEP_ALIVE)) {
            keepAlive = true;
        } else if (Octets.equalsIgnoreCase(bytes, from, to, UPGRADE)) {
            upgrade = true;
        } else if (FieldName.of(bytes, from, to).mayBeNamedByConnection()) {
            if (optionCount == MOST_OPTIONS) {
                return false;
            }
            options[optionCount * 2] = from;
            options[optionCount * 2 + 1] = to;
            optionCount++;
        }
        return true;
    }

    private void dropNamedByConnection() {
        for (int option = 0; option < optionCount; option++) {
            for (int i = 0; i < size; i++) {
                if (Octets.equalsIgnoreCase(
                        bytes, nameStarts[i], nameEnds[i], options[option * 2], options[option * 2 + 1])) {
                    dropped[i] = true;
                }
            }
        }
    }

    private void reset(byte[] source) {
        bytes = source;
        size = 0;
        optionCount = 0;
        contentLength = -1;
        chunked = false;
        close = false;
        keepAlive = false;
        upgrade = false;
        Arrays.fill(counts, 0);
    }

    private void grow() {
        int room = names.length * 2;
        names = Arrays.copyOf(names, room);
        nameStarts = Arrays.copyOf(nameStarts, room + 1);
        nameEnds = Arrays.copyOf(nameEnds, room);
        valueStarts = Arrays.copyOf(valueStarts, room);
        valueEnds = Arrays.copyOf(valueEnds, room);
        dropped = Arrays.copyOf(dropped, room);
    }

    private int reject(Rejection why) {
        rejection = why;
        return Scan.REJECTED;
    }

    Rejection rejection() {
        return rejection;
    }

    /** The array that was scanned. */
    byte[] bytes() {
        return bytes;
    }

    /** How many lines there are. */
    int size() {
        return size;
    }

    FieldName name(int line) {
        return names[line];
    }

    /** Where a line begins; for {@code size()}, where the empty line does. */
    int lineStart(int line) {
        return nameStarts[line];
    }

    /** Where a line's colon stands. */
    int nameEnd(int line) {
        return nameEnds[line];
    }

    int valueStart(int line) {
        return valueStarts[line];
    }

    /** Where a value ends, white space behind it left out. */
    int valueEnd(int line) {
        return valueEnds[line];
    }

    /** Whether a line ends at this hop, by its own name or because Connection names it. */
    boolean isDropped(int line) {
        return dropped[line];
    }

    int count(FieldName name) {
        return counts[name.ordinal()];
    }

    /** The index of the last line of a field that occurs. */
    int last(FieldName name) {
        return lasts[name.ordinal()];
    }

    /** Whether the last line of a field has a value that holds a whole word, given in lower case, in any case of letters. */
    boolean lastContains(FieldName name, byte[] lowerCase) {
        return lastContains(name, lowerCase, true);
    }

    /** As {@link #lastContains}, of a word that only begins like this. */
    boolean lastContainsBeginning(FieldName name, byte[] lowerCase) {
        return lastContains(name, lowerCase, false);
    }

    private boolean lastContains(FieldName name, byte[] lowerCase, boolean whole) {
        if (count(name) == 0) {
            return false;
        }
        int from = valueStarts[last(name)];
        int to = valueEnds[last(name)];
        for (int at = from; at + lowerCase.length <= to; at++) {
            int end = at + lowerCase.length;
            if (Octets.equalsIgnoreCase(bytes, at, end, lowerCase)
                    && (at == from || !Octets.isToken(bytes[at - 1]))
                    && (!whole || end == to || !Octets.isToken(bytes[end]))) {
                return true;
            }
        }
        return false;
    }

    /** The Content-Length, or -1 if there is none. */
    long contentLength() {
        return contentLength;
    }

    boolean chunked() {
        return chunked;
    }

    /** Whether Connection says close. */
    boolean close() {
        return close;
    }

    /** Whether Connection says keep-alive. */
    boolean keepAlive() {
        return keepAlive;
    }

    /** Whether Connection says upgrade. */
    boolean upgrade() {
        return upgrade;
    }
}
