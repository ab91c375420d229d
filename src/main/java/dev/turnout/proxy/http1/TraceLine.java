package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.HexFormat;

/**
 * The line {@code traceparent} of one request (W3C Trace Context, section 3.2): reads that of the client, and holds
 * that of the target. One object serves all requests of an event loop, and no request leaves anything on the heap.
 *
 * <p>A line that is not well-formed in every octet, or one of several, is none: the trace begins here then.
 */
public final class TraceLine {

    /** From the end of the line back to the identifier of the span in it. */
    public static final int SPAN_BEFORE_END = 16 + "-00\r\n".length();

    private static final String NAME = "traceparent: ";
    private static final int LENGTH = 55;
    private static final int TRACE = 3;
    private static final int TRACE_END = 35;
    private static final int SPAN = 36;
    private static final int SPAN_END = 52;
    private static final int FLAGS = 53;
    private static final int SAMPLED = 1;

    private final byte[] line = (NAME + "00-" + "0".repeat(32) + "-" + "0".repeat(16) + "-00\r\n").getBytes(ISO_8859_1);
    private final byte[] id = new byte[32];
    private long high;
    private long low;
    private long parent;
    private boolean isContinued;
    private boolean isParentSampled;

    /** Reads the line of a request. Returns true if its trace goes on here; false if a trace has to begin. */
    public boolean read(RequestHead head) {
        FieldLines fields = head.fields();
        forget();
        if (fields.count(FieldName.TRACEPARENT) == 1) {
            int field = fields.last(FieldName.TRACEPARENT);
            isContinued = read(head.bytes(), fields.valueStart(field), fields.valueEnd(field));
        }
        return isContinued;
    }

    /** As {@link #read(RequestHead)}. */
    public boolean read(RequestView head) {
        forget();
        isContinued = head.find(FieldName.TRACEPARENT) == 1 && read(head.bytes(), head.valueStart(), head.valueEnd());
        return isContinued;
    }

    private void forget() {
        isContinued = false;
        isParentSampled = false;
        parent = 0;
    }

    private boolean read(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length < LENGTH
                || bytes[from + 2] != '-'
                || bytes[from + TRACE_END] != '-'
                || bytes[from + SPAN_END] != '-'
                || !isHex(bytes, from, from + 2)
                || !isHex(bytes, from + TRACE, from + TRACE_END)
                || !isHex(bytes, from + SPAN, from + SPAN_END)
                || !isHex(bytes, from + FLAGS, from + LENGTH)) {
            return false;
        }
        boolean isFirstVersion = bytes[from] == '0' && bytes[from + 1] == '0';
        boolean isNoVersion = bytes[from] == 'f' && bytes[from + 1] == 'f';
        // A later version may have more behind these parts.
        boolean isWhole = length == LENGTH || !isFirstVersion && bytes[from + LENGTH] == '-';
        long first = number(bytes, from + TRACE, from + TRACE + 16);
        long second = number(bytes, from + TRACE + 16, from + TRACE_END);
        long span = number(bytes, from + SPAN, from + SPAN_END);
        if (isNoVersion || !isWhole || (first | second) == 0 || span == 0) {
            return false;
        }
        high = first;
        low = second;
        parent = span;
        isParentSampled = (number(bytes, from + FLAGS, from + LENGTH) & SAMPLED) != 0;
        return true;
    }

    /** Upper case is not allowed. */
    private static boolean isHex(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (digit(bytes[i]) < 0) {
                return false;
            }
        }
        return true;
    }

    private static int digit(byte octet) {
        if (octet >= '0' && octet <= '9') {
            return octet - '0';
        }
        return octet >= 'a' && octet <= 'f' ? octet - 'a' + 10 : -1;
    }

    private static long number(byte[] bytes, int from, int to) {
        long number = 0;
        for (int i = from; i < to; i++) {
            number = number << 4 | digit(bytes[i]);
        }
        return number;
    }

    /** Begins a trace. At least one of the two numbers is not 0. */
    public void begin(long newHigh, long newLow) {
        high = newHigh;
        low = newLow;
        forget();
    }

    /** Writes the line for the target. */
    public void write(long span, boolean isSampled) {
        int at = NAME.length() + TRACE;
        Octets.putHex(high, line, at);
        Octets.putHex(low, line, at + 16);
        System.arraycopy(line, at, id, 0, id.length);
        Octets.putHex(span, line, NAME.length() + SPAN);
        line[NAME.length() + LENGTH - 1] = (byte) (isSampled ? '1' : '0');
    }

    /** Returns the identifier of a trace, 32 hexadecimal digits. */
    public static String id(long high, long low) {
        return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
    }

    /** Returns the line for the target, with its end. {@link #write} changes the same array. */
    byte[] line() {
        return line;
    }

    /** Returns the identifier of the trace in ASCII. {@link #write} changes the same array. */
    public byte[] id() {
        return id;
    }

    /** Returns true if the trace has come with the request: what belongs to the trace goes on too. */
    public boolean isContinued() {
        return isContinued;
    }

    /** Returns true if the sender of the request records the trace. */
    public boolean isParentSampled() {
        return isParentSampled;
    }

    /** Returns the first half of the trace's identifier. */
    public long high() {
        return high;
    }

    /** Returns the second half of the trace's identifier. */
    public long low() {
        return low;
    }

    /** Returns the span of the request's sender; 0 if the trace begins here. */
    public long parent() {
        return parent;
    }
}
