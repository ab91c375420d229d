package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** The syntax of a host with its port, and what a scheme says of the port. */
final class Authority {

    private static final byte[] HTTPS = "https".getBytes(ISO_8859_1);
    private static final byte[] WSS = "wss".getBytes(ISO_8859_1);
    private static final byte[] HTTP_PORT = "80".getBytes(ISO_8859_1);
    private static final byte[] HTTPS_PORT = "443".getBytes(ISO_8859_1);

    private Authority() {}

    /** Returns true if a text is {@code uri-host [ ":" port ]} of RFC 9110, section 7.2, and not empty. */
    static boolean isHost(byte[] source, int from, int to) {
        int at = from;
        if (at < to && source[at] == '[') {
            at++;
            while (at < to && (Octets.hex(source[at]) >= 0 || source[at] == ':' || source[at] == '.')) {
                at++;
            }
            if (at == to || source[at] != ']' || at == from + 1) {
                return false;
            }
            at++;
        } else {
            while (at < to && Octets.isHost(source[at])) {
                at++;
            }
        }
        if (at == from) {
            return false;
        }
        if (at < to && source[at] == ':') {
            at++;
            while (at < to && Octets.isDigit(source[at])) {
                at++;
            }
        }
        return at == to;
    }

    /** Returns true if a text is {@code uri-host [ ":" port ]}, and not empty. */
    static boolean isHost(Span text) {
        return isHost(text.bytes(), text.from(), text.to());
    }

    /** Returns true if a text has the characters of a scheme, and is not empty. */
    static boolean isScheme(Span span) {
        for (int i = span.from(); i < span.to(); i++) {
            if (!Octets.isToken(span.bytes()[i])) {
                return false;
            }
        }
        return !span.isEmpty();
    }

    /** Returns true if a scheme means TLS. */
    static boolean isSecure(Span scheme) {
        return scheme.is(HTTPS) || scheme.is(WSS);
    }

    /** Returns the port of a scheme (RFC 9110, section 4.2), as digits. */
    static byte[] portOf(Span scheme) {
        return isSecure(scheme) ? HTTPS_PORT : HTTP_PORT;
    }

    /** Finds the port of a host, or else its scheme's (RFC 9110, section 4.2). */
    static void portOf(Span host, Span scheme, Span found) {
        int colon = host.to();
        while (colon > host.from() && Octets.isDigit(host.bytes()[colon - 1])) {
            colon--;
        }
        boolean named = colon > host.from()
                && host.bytes()[colon - 1] == ':'
                && IpLiteral.isPort(host.bytes(), colon, host.to());
        if (named) {
            found.set(host.bytes(), colon, host.to());
        } else {
            found.set(portOf(scheme));
        }
    }

    /** Returns where a host's name ends, before its port. */
    static int nameEnd(Span host) {
        int at = host.to();
        while (at > host.from() && Octets.isDigit(host.bytes()[at - 1])) {
            at--;
        }
        return at > host.from() && host.bytes()[at - 1] == ':' ? at - 1 : host.to();
    }
}
