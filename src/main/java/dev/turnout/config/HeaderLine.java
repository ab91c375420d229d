package dev.turnout.config;

import java.util.Locale;
import java.util.Set;

/**
 * A field line that a rule writes.
 *
 * @param name the name of the field
 * @param value its value
 */
public record HeaderLine(String name, String value) {

    /** What frames and routes messages, ends at one hop, or is Turnout's own word. */
    private static final Set<String> REFUSED = Set.of(
            "host",
            "content-length",
            "transfer-encoding",
            "connection",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "upgrade",
            "http2-settings",
            "expect",
            "date",
            "forwarded",
            "x-request-id",
            "client-cert",
            "client-cert-chain",
            "traceparent",
            "tracestate",
            "sec-websocket-accept",
            "sec-websocket-key",
            "sec-websocket-extensions",
            "sec-websocket-protocol",
            "sec-websocket-version");

    /** @throws IllegalArgumentException if no rule may write such a line; the message quotes it */
    public HeaderLine {
        name = name(name);
        if (!value.chars().allMatch(c -> c == '\t' || c >= ' ' && c < 0x7f) || !value.equals(value.strip())) {
            throw new IllegalArgumentException("'" + value + "' is not visible ASCII");
        }
    }

    /** Reads {@code Name: value}. */
    static HeaderLine parse(String line) {
        int colon = line.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("'" + line + "' has no colon");
        }
        return new HeaderLine(
                line.substring(0, colon), line.substring(colon + 1).strip());
    }

    /** Reads the name of a field that a rule may write or remove. */
    static String name(String text) {
        if (!text.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}")) {
            throw new IllegalArgumentException("'" + text + "' is not the name of a field");
        }
        String lower = text.toLowerCase(Locale.ROOT);
        if (REFUSED.contains(lower) || lower.startsWith("x-forwarded-") || lower.startsWith("x-turnout")) {
            throw new IllegalArgumentException("'" + text + "' is Turnout's own to write");
        }
        return text;
    }
}
