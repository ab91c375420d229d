package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * What paths begin with, up to the end of a segment: {@code /poll} stands for {@code /poll} and {@code /poll/x}, not for
 * {@code /polls}. A segment that is {@code *} stands for any one. Compared as sent, byte for byte. Immutable.
 */
public final class PathPattern {

    private final byte[] text;

    /** @param text begins with a slash and does not end with one, unless it is one */
    public PathPattern(String text) {
        this.text = text.equals("/") ? new byte[0] : text.getBytes(US_ASCII);
    }

    /** Returns true if a path begins like this. It ends at {@code to} or at the first question mark. */
    boolean matches(byte[] source, int from, int to) {
        int at = from;
        for (int i = 0; i < text.length; i++) {
            if (text[i] == '*' && text[i - 1] == '/' && (i + 1 == text.length || text[i + 1] == '/')) {
                int start = at;
                while (at < to && source[at] != '/' && source[at] != '?') {
                    at++;
                }
                if (at == start) {
                    return false;
                }
            } else if (at == to || source[at++] != text[i]) {
                return false;
            }
        }
        return at == to || source[at] == '/' || source[at] == '?';
    }
}
