package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * The pairs of all Forwarded lines of a head, in their order (RFC 7239, section 4). Values need no quotes here: many
 * proxies leave them out around an address with a port. Not safe for use by more than one thread.
 */
final class ForwardedPairs {

    private static final byte[] FOR = "for".getBytes(US_ASCII);
    private static final byte[] PROTO = "proto".getBytes(US_ASCII);
    private static final byte[] HOST = "host".getBytes(US_ASCII);

    private final Span name = new Span();
    private final Span value = new Span();
    private int line;
    private int at;
    private int end;
    private boolean broken;

    /** Goes to the first pair. */
    void start() {
        line = -1;
        at = 0;
        end = 0;
        broken = false;
    }

    /** Reads a pair of the same head. Returns false behind the last pair, and if there is something else. */
    boolean next(FieldLines fields) {
        while (!broken) {
            byte[] bytes = fields.bytes();
            while (at < end && (Octets.isBlank(bytes[at]) || bytes[at] == ',' || bytes[at] == ';')) {
                at++;
            }
            if (at < end) {
                broken = !pair(bytes);
                return !broken;
            }
            if (!nextLine(fields)) {
                return false;
            }
        }
        return false;
    }

    private boolean nextLine(FieldLines fields) {
        for (line++; line < fields.size(); line++) {
            if (fields.name(line) == FieldName.FORWARDED) {
                at = fields.valueStart(line);
                end = fields.valueEnd(line);
                return true;
            }
        }
        return false;
    }

    private boolean pair(byte[] bytes) {
        int start = at;
        while (at < end && Octets.isToken(bytes[at])) {
            at++;
        }
        name.set(bytes, start, at);
        if (at == start || at == end || bytes[at++] != '=') {
            return false;
        }
        if (at < end && bytes[at] == '"') {
            start = ++at;
            while (at < end && bytes[at] != '"' && bytes[at] != '\\') {
                at++;
            }
            if (at == end || bytes[at] == '\\') {
                return false;
            }
            value.set(bytes, start, at++);
        } else {
            start = at;
            while (at < end && !isDelimiter(bytes[at])) {
                at++;
            }
            value.set(bytes, start, at);
        }
        while (at < end && Octets.isBlank(bytes[at])) {
            at++;
        }
        return !value.isEmpty() && (at == end || bytes[at] == ',' || bytes[at] == ';');
    }

    private static boolean isDelimiter(byte b) {
        return Octets.isBlank(b) || b == ',' || b == ';' || b == '"' || b == '=' || b == '\\';
    }

    boolean isFor() {
        return name.is(FOR);
    }

    boolean isProto() {
        return name.is(PROTO);
    }

    boolean isHost() {
        return name.is(HOST);
    }

    /** Returns the value, without quotes. */
    Span value() {
        return value;
    }

    /** Returns true if something was there that is no pair. */
    boolean isBroken() {
        return broken;
    }
}
