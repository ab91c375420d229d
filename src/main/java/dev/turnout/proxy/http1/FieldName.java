package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.Locale;

/** The header fields that a proxy has to know; all others are {@link #OTHER} and pass through. */
public enum FieldName {
    HOST("Host", Rule.KEPT),
    CONTENT_LENGTH("Content-Length", Rule.KEPT),
    TRANSFER_ENCODING("Transfer-Encoding", Rule.KEPT),
    CONNECTION("Connection", Rule.HOP_BY_HOP),
    KEEP_ALIVE("Keep-Alive", Rule.HOP_BY_HOP),
    PROXY_CONNECTION("Proxy-Connection", Rule.HOP_BY_HOP),
    TE("TE", Rule.HOP_BY_HOP),
    UPGRADE("Upgrade", Rule.HOP_BY_HOP),
    X_FORWARDED_FOR("X-Forwarded-For", Rule.ADDED),
    X_FORWARDED_PROTO("X-Forwarded-Proto", Rule.ADDED),
    X_FORWARDED_HOST("X-Forwarded-Host", Rule.ADDED),
    X_FORWARDED_PORT("X-Forwarded-Port", Rule.ADDED),
    FORWARDED("Forwarded", Rule.ADDED),
    X_REQUEST_ID("X-Request-Id", Rule.ADDED),
    CLIENT_CERT("Client-Cert", Rule.ADDED),
    CLIENT_CERT_CHAIN("Client-Cert-Chain", Rule.ADDED),
    X_TURNOUT("X-Turnout", Rule.ADDED),
    X_TURNOUT_FRONT("X-Turnout-Front", Rule.ADDED),
    X_TURNOUT_SLOT("X-Turnout-Slot", Rule.ADDED),
    X_TURNOUT_REHEARSAL("X-Turnout-Rehearsal", Rule.ADDED),
    X_FORWARDED_PREFIX("X-Forwarded-Prefix", Rule.PLAIN),
    X_FORWARDED_SCHEME("X-Forwarded-Scheme", Rule.PLAIN),
    X_FORWARDED_SSL("X-Forwarded-Ssl", Rule.PLAIN),
    FRONT_END_HTTPS("Front-End-Https", Rule.PLAIN),
    ACCEPT("Accept", Rule.PLAIN),
    ACCEPT_LANGUAGE("Accept-Language", Rule.PLAIN),
    COOKIE("Cookie", Rule.PLAIN),
    EXPECT("Expect", Rule.PLAIN),
    DATE("Date", Rule.PLAIN),
    CONTENT_TYPE("Content-Type", Rule.PLAIN),
    CONTENT_ENCODING("Content-Encoding", Rule.PLAIN),
    TRAILER("Trailer", Rule.PLAIN),
    STRICT_TRANSPORT_SECURITY("Strict-Transport-Security", Rule.PLAIN),
    SET_COOKIE("Set-Cookie", Rule.PLAIN),
    SEC_WEBSOCKET_ACCEPT("Sec-WebSocket-Accept", Rule.PLAIN),
    REFERER("Referer", Rule.PLAIN),
    USER_AGENT("User-Agent", Rule.PLAIN),
    TRACEPARENT("traceparent", Rule.PLAIN),
    TRACESTATE("tracestate", Rule.PLAIN),
    OTHER("", Rule.PLAIN);

    private enum Rule {
        /** Framing and routing: Connection cannot name it. */
        KEPT,
        /** Ends at this hop (RFC 9110, section 7.6.1). */
        HOP_BY_HOP,
        /** Turnout writes it: Connection cannot name it. */
        ADDED,
        /** End to end. */
        PLAIN
    }

    private static final int LETTERS = 32;
    private static final FieldName[] NONE = {};

    /** By length, and by the lowest five bits of the first letter, which both cases have. */
    private static final FieldName[][] BY_LENGTH_AND_LETTER = byLengthAndLetter();

    private final String text;
    private final byte[] lowerCase;
    private final Rule rule;

    FieldName(String text, Rule rule) {
        this.text = text;
        this.lowerCase = text.toLowerCase(Locale.ROOT).getBytes(US_ASCII);
        this.rule = rule;
    }

    private static FieldName[][] byLengthAndLetter() {
        int longest = 0;
        for (FieldName name : values()) {
            longest = Math.max(longest, name.lowerCase.length);
        }
        FieldName[][] places = new FieldName[(longest + 1) * LETTERS][];
        Arrays.fill(places, NONE);
        for (FieldName name : values()) {
            if (name != OTHER) {
                int place = place(name.lowerCase.length, name.lowerCase[0]);
                int size = places[place].length;
                places[place] = Arrays.copyOf(places[place], size + 1);
                places[place][size] = name;
            }
        }
        return places;
    }

    private static int place(int length, byte first) {
        return length * LETTERS + (first & LETTERS - 1);
    }

    /** Returns the field that has a name, in any case of letters. */
    public static FieldName of(byte[] bytes, int from, int to) {
        if (from == to) {
            return OTHER;
        }
        int place = place(to - from, bytes[from]);
        if (place < BY_LENGTH_AND_LETTER.length) {
            for (FieldName name : BY_LENGTH_AND_LETTER[place]) {
                if (Octets.equalsIgnoreCase(bytes, from, to, name.lowerCase)) {
                    return name;
                }
            }
        }
        return OTHER;
    }

    /** Returns how many octets the name has. */
    int length() {
        return lowerCase.length;
    }

    /** Returns true if the name stands at an offset, in any case of letters. At least so many octets follow there. */
    boolean isAt(byte[] bytes, int from) {
        return Octets.equalsIgnoreCase(bytes, from, from + lowerCase.length, lowerCase);
    }

    /** Returns true if the field ends at this hop (RFC 9110, section 7.6.1). */
    public boolean isHopByHop() {
        return rule == Rule.HOP_BY_HOP;
    }

    /** Returns true if a {@code Connection} option may take this field out of a message. */
    boolean mayBeNamedByConnection() {
        return rule == Rule.PLAIN;
    }

    /** Returns true if Turnout writes, reads or removes the field, so that nobody else may speak for it. */
    boolean isTurnouts() {
        return rule != Rule.PLAIN;
    }

    /** Returns true if the field says how to frame or route. */
    public boolean isFraming() {
        return rule == Rule.KEPT;
    }

    /** Returns the name as Turnout writes it. */
    @Override
    public String toString() {
        return text;
    }
}
