package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/**
 * The methods that IANA's HTTP Method Registry calls idempotent (RFC 9110, sections 9.2.2 and 16.1.1). {@code PRI} is
 * left out: it opens an HTTP/2 connection and is no request.
 */
final class IdempotentMethods {

    private static final String[] NAMES = {
        "ACL",
        "BASELINE-CONTROL",
        "BIND",
        "CHECKIN",
        "CHECKOUT",
        "COPY",
        "DELETE",
        "GET",
        "HEAD",
        "LABEL",
        "LINK",
        "MERGE",
        "MKACTIVITY",
        "MKCALENDAR",
        "MKCOL",
        "MKREDIRECTREF",
        "MKWORKSPACE",
        "MOVE",
        "OPTIONS",
        "ORDERPATCH",
        "PROPFIND",
        "PROPPATCH",
        "PUT",
        "QUERY",
        "REBIND",
        "REPORT",
        "SEARCH",
        "TRACE",
        "UNBIND",
        "UNCHECKOUT",
        "UNLINK",
        "UNLOCK",
        "UPDATE",
        "UPDATEREDIRECTREF",
        "VERSION-CONTROL"
    };

    private static final byte[][][] BY_LENGTH = byLength();

    private IdempotentMethods() {}

    private static byte[][][] byLength() {
        int longest = Arrays.stream(NAMES).mapToInt(String::length).max().orElseThrow();
        byte[][][] byLength = new byte[longest + 1][][];
        for (int length = 0; length <= longest; length++) {
            int wanted = length;
            byLength[length] = Arrays.stream(NAMES)
                    .filter(name -> name.length() == wanted)
                    .map(name -> name.getBytes(US_ASCII))
                    .toArray(byte[][]::new);
        }
        return byLength;
    }

    /** Returns true if some bytes are one of the methods. Methods are case-sensitive (RFC 9110, section 9.1). */
    static boolean contains(byte[] bytes, int from, int to) {
        if (to - from >= BY_LENGTH.length) {
            return false;
        }
        for (byte[] name : BY_LENGTH[to - from]) {
            if (Octets.are(bytes, from, to, name)) {
                return true;
            }
        }
        return false;
    }
}
