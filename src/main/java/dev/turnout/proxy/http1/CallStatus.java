package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * The {@code grpc-status} that a call of gRPC has ended with: in a trailer, or in the head of a response without content.
 */
public final class CallStatus {

    /** The response is none of gRPC's, or has not said how the call has ended. */
    public static final int NONE = -1;

    private static final byte[] NAME = "grpc-status".getBytes(US_ASCII);

    private static final int UNKNOWN = 2;
    private static final int INTERNAL = 13;
    private static final int UNAVAILABLE = 14;
    private static final int DATA_LOSS = 15;
    private static final int MOST_DIGITS = 2;

    private CallStatus() {}

    /**
     * Returns true for a status that tells of a fault of the server, as 5xx does. Clients can bring about DEADLINE_EXCEEDED
     * and UNIMPLEMENTED themselves, by a short deadline and the name of a method that there is not.
     */
    public static boolean isFault(int status) {
        return switch (status) {
            case UNKNOWN, INTERNAL, UNAVAILABLE, DATA_LOSS -> true;
            default -> false;
        };
    }

    /** Returns the status in a response's head; {@link #NONE} if there is none. */
    public static int of(FieldLines fields) {
        for (int line = 0; line < fields.size(); line++) {
            if (Octets.equalsIgnoreCase(fields.bytes(), fields.lineStart(line), fields.nameEnd(line), NAME)) {
                return number(fields.bytes(), fields.valueStart(line), fields.valueEnd(line));
            }
        }
        return NONE;
    }

    /** Returns the status in the lines of a trailer, each with its CRLF; {@link #NONE} if there is none. */
    public static int ofTrailer(byte[] lines, int length) {
        int at = 0;
        while (at < length) {
            int end = lineEnd(lines, at, length);
            int colon = at + NAME.length;
            if (colon < end && lines[colon] == ':' && Octets.equalsIgnoreCase(lines, at, colon, NAME)) {
                return number(lines, colon + 1, end);
            }
            at = end + 2;
        }
        return NONE;
    }

    private static int lineEnd(byte[] lines, int from, int to) {
        int at = from;
        while (at < to && lines[at] != '\r') {
            at++;
        }
        return at;
    }

    /** Returns the number between white space. */
    private static int number(byte[] bytes, int from, int to) {
        int start = from;
        int end = to;
        while (start < end && Octets.isBlank(bytes[start])) {
            start++;
        }
        while (end > start && Octets.isBlank(bytes[end - 1])) {
            end--;
        }
        if (start == end || end - start > MOST_DIGITS) {
            return NONE;
        }
        int number = 0;
        for (int at = start; at < end; at++) {
            if (!Octets.isDigit(bytes[at])) {
                return NONE;
            }
            number = number * 10 + bytes[at] - '0';
        }
        return number;
    }
}
