package dev.turnout.proxy.http1;

import java.util.Arrays;

/**
 * The head of a request that has been scanned before, for those who want a few parts of it: a part is looked for when
 * it is asked for. {@link RequestHead} knows all parts, which costs ten times as much.
 *
 * <p>Offsets are into {@link #bytes()}; the object is reused from head to head. Not safe for use by more than one
 * thread.
 */
public final class RequestView {

    private static final int VERSION = " HTTP/1.1".length();

    private byte[] bytes = new byte[0];
    private int start;
    private int methodEnd;
    private int targetEnd;

    /** Where each field line begins; then where the empty line does. */
    private int[] lines = new int[32];

    private int count;
    private int valueStart;
    private int valueEnd;

    /**
     * Views a head.
     *
     * @param source holds a legal head, which begins with its request line
     * @param from where it begins
     */
    public RequestView of(byte[] source, int from) {
        bytes = source;
        start = from;
        methodEnd = from;
        while (source[methodEnd] != ' ') {
            methodEnd++;
        }
        int end = endOfLine(from);
        targetEnd = end - VERSION;
        count = 0;
        int at = end + 2;
        while (source[at] != '\r') {
            note(at);
            count++;
            at = endOfLine(at) + 2;
        }
        note(at);
        return this;
    }

    private int endOfLine(int from) {
        return Octets.endOfText(bytes, from, bytes.length);
    }

    private void note(int lineStart) {
        if (count == lines.length) {
            lines = Arrays.copyOf(lines, count * 2);
        }
        lines[count] = lineStart;
    }

    /** Returns the array that holds the head. */
    public byte[] bytes() {
        return bytes;
    }

    /** Returns where the method begins. */
    int start() {
        return start;
    }

    /** Returns where the method ends. */
    int methodEnd() {
        return methodEnd;
    }

    /** Returns where the request target ends, its query included. */
    int targetEnd() {
        return targetEnd;
    }

    /** Looks for a field. Returns how many lines it has; {@link #valueStart} and {@link #valueEnd} are of the last one. */
    int find(FieldName name) {
        int found = 0;
        for (int line = 0; line < count; line++) {
            int colon = lines[line] + name.length();
            if (colon < lines[line + 1] && bytes[colon] == ':' && name.isAt(bytes, lines[line])) {
                found++;
                valueStart = colon + 1;
                valueEnd = lines[line + 1] - 2;
            }
        }
        if (found > 0) {
            trim();
        }
        return found;
    }

    private void trim() {
        while (valueStart < valueEnd && Octets.isBlank(bytes[valueStart])) {
            valueStart++;
        }
        while (valueEnd > valueStart && Octets.isBlank(bytes[valueEnd - 1])) {
            valueEnd--;
        }
    }

    /** Returns where the value begins that was found last, behind the white space. */
    int valueStart() {
        return valueStart;
    }

    /** Returns where the value ends that was found last, white space behind it left out. */
    int valueEnd() {
        return valueEnd;
    }
}
