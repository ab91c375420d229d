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
    private static final int MOST_LENGTH_DIGITS = 18;

    private static final int PLACES = 4;
    private static final int NAME_END = 1;
    private static final int VALUE_START = 2;
    private static final int VALUE_END = 3;

    private final int[] counts = new int[FieldName.values().length];
    private final int[] lasts = new int[FieldName.values().length];
    private byte[] bytes = new byte[0];
    private FieldName[] names = new FieldName[64];
    /** Of each line where its name begins and ends, and its value; then where the empty line begins. */
    private int[] places = new int[64 * PLACES + 1];

    private boolean[] dropped = new boolean[64];
    private final ConnectionOptions connection = new ConnectionOptions();
    private int size;
    private long contentLength;
    private boolean chunked;
    private Rejection rejection = Rejection.BAD_FIELD_NAME;

    /**
     * Scans lines up to the empty one.
     *
     * @return the offset behind the empty line, or a code of {@link Scan}
     */
    public int scan(byte[] source, int from, int to) {
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
                places[size * PLACES] = at;
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
        int at = Octets.endOfToken(source, from, to);
        if (at == to) {
            return Scan.INCOMPLETE;
        }
        if (source[at] != ':' || at == from) {
            return reject(badName(source[at], at == from));
        }
        int nameEnd = at++;
        while (at < to && Octets.isBlank(source[at])) {
            at++;
        }
        int valueStart = at;
        at = Octets.endOfText(source, at, to);
        if (at == to) {
            return Scan.INCOMPLETE;
        }
        if (source[at] != '\r') {
            return reject(source[at] == '\n' ? Rejection.BARE_LF : Rejection.CONTROL_CHARACTER);
        }
        int valueEnd = at;
        while (valueEnd > valueStart && Octets.isBlank(source[valueEnd - 1])) {
            valueEnd--;
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
        if (Octets.isBlank(b)) {
            return atStart ? Rejection.OBS_FOLD : Rejection.SPACE_BEFORE_COLON;
        }
        return b == '\r' && !atStart ? Rejection.BARE_CR : Rejection.BAD_FIELD_NAME;
    }

    private boolean add(FieldName name, int nameStart, int nameEnd, int valueStart, int valueEnd) {
        if (size == names.length) {
            grow();
        }
        int line = size++;
        int at = line * PLACES;
        places[at + VALUE_END] = valueEnd;
        places[at] = nameStart;
        places[at + NAME_END] = nameEnd;
        places[at + VALUE_START] = valueStart;
        names[line] = name;
        dropped[line] = name.isHopByHop();
        if (name == FieldName.OTHER) {
            return true;
        }
        int field = name.ordinal();
        lasts[field] = line;
        boolean repeated = counts[field]++ > 0;
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

    private boolean connection(int from, int to) {
        if (connection.read(bytes, from, to)) {
            return true;
        }
        reject(Rejection.BAD_CONNECTION);
        return false;
    }

    private void dropNamedByConnection() {
        if (connection.isEmpty()) {
            return;
        }
        for (int i = 0; i < size; i++) {
            dropped[i] |= connection.names(lineStart(i), nameEnd(i));
        }
    }

    private void reset(byte[] source) {
        for (int line = 0; line < size; line++) {
            counts[names[line].ordinal()] = 0;
        }
        bytes = source;
        size = 0;
        contentLength = -1;
        chunked = false;
        connection.clear();
    }

    private void grow() {
        int room = names.length * 2;
        names = Arrays.copyOf(names, room);
        places = Arrays.copyOf(places, room * PLACES + 1);
        dropped = Arrays.copyOf(dropped, room);
    }

    private int reject(Rejection why) {
        rejection = why;
        return Scan.REJECTED;
    }

    /** Returns why the last scan was rejected. */
    public Rejection rejection() {
        return rejection;
    }

    /** Returns the array that was scanned. */
    public byte[] bytes() {
        return bytes;
    }

    /** Returns how many lines there are. */
    public int size() {
        return size;
    }

    /** Returns which field a line belongs to. */
    public FieldName name(int line) {
        return names[line];
    }

    /** Returns where a line begins; for {@code size()}, where the empty line does. */
    public int lineStart(int line) {
        return places[line * PLACES];
    }

    /** Returns where a line's colon stands. */
    public int nameEnd(int line) {
        return places[line * PLACES + NAME_END];
    }

    /** Returns where a value begins, behind the white space. */
    public int valueStart(int line) {
        return places[line * PLACES + VALUE_START];
    }

    /** Returns where a value ends, white space behind it left out. */
    public int valueEnd(int line) {
        return places[line * PLACES + VALUE_END];
    }

    /** Returns true if a line ends at this hop, by its own name or because Connection names it. */
    public boolean isDropped(int line) {
        return dropped[line];
    }

    /** Returns how many lines a field has that is not {@link FieldName#OTHER}. */
    public int count(FieldName name) {
        return counts[name.ordinal()];
    }

    /** Returns the index of the last line of a field that occurs. */
    public int last(FieldName name) {
        return lasts[name.ordinal()];
    }

    /** Returns true if the last line of a field has a value that holds a whole word, given in lower case, in any case of letters. */
    public boolean lastContains(FieldName name, byte[] lowerCase) {
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
        int from = valueStart(last(name));
        int to = valueEnd(last(name));
        return Octets.containsWord(bytes, from, to, lowerCase, whole);
    }

    /** Returns the Content-Length, or -1 if there is none. */
    long contentLength() {
        return contentLength;
    }

    boolean chunked() {
        return chunked;
    }

    /** Returns true if Connection says close. */
    boolean close() {
        return connection.close();
    }

    /** Returns true if Connection says keep-alive. */
    boolean keepAlive() {
        return connection.keepAlive();
    }

    /** Returns true if Connection says upgrade. */
    boolean upgrade() {
        return connection.upgrade();
    }
}
