package dev.turnout.proxy.http2;

import dev.turnout.proxy.http1.FieldName;
import dev.turnout.proxy.http1.Octets;

/** What a field of a message may be (RFC 9113, section 8.2), so that it means the same as a line of an HTTP/1 head. */
final class FieldRules {

    private static final byte[] TRAILERS = {'t', 'r', 'a', 'i', 'l', 'e', 'r', 's'};

    private static final int MOST_LENGTH_DIGITS = 18;

    private FieldRules() {}

    /** Returns true if a name is a token without a capital letter. */
    static boolean isName(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (!Octets.isToken(b) || b >= 'A' && b <= 'Z') {
                return false;
            }
        }
        return to > from;
    }

    /** Returns true if a text is a token, in any case of letters. */
    static boolean isToken(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Octets.isToken(bytes[i])) {
                return false;
            }
        }
        return to > from;
    }

    /** Returns true if a value has no control character, and no white space at its ends. */
    static boolean isValue(byte[] bytes, int from, int to) {
        if (from == to) {
            return true;
        }
        if (!Octets.isValue(bytes[from]) || !Octets.isValue(bytes[to - 1])) {
            return false;
        }
        for (int i = from + 1; i < to - 1; i++) {
            byte b = bytes[i];
            if (!Octets.isValue(b) && b != ' ' && b != '\t') {
                return false;
            }
        }
        return true;
    }

    /** Returns true if a field belongs to an HTTP/1 connection, so that no message may have it (section 8.2.2). */
    static boolean isOfConnection(FieldName name) {
        return switch (name) {
            case CONNECTION, KEEP_ALIVE, PROXY_CONNECTION, TRANSFER_ENCODING, UPGRADE -> true;
            default -> false;
        };
    }

    /** Returns true if a TE says what it may say. */
    static boolean isTrailers(byte[] bytes, int from, int to) {
        return Octets.equalsIgnoreCase(bytes, from, to, TRAILERS);
    }

    /** Returns the number of a Content-Length; -1 if it is none that the HTTP/1 scanner takes. */
    static long length(byte[] bytes, int from, int to) {
        if (from == to || to - from > MOST_LENGTH_DIGITS) {
            return -1;
        }
        long length = 0;
        for (int i = from; i < to; i++) {
            if (!Octets.isDigit(bytes[i])) {
                return -1;
            }
            length = length * 10 + bytes[i] - '0';
        }
        return length;
    }
}
