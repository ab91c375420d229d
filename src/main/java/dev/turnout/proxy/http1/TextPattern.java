package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Locale;

/** A text in which an asterisk stands for any octets, or a path that begins so. Immutable. */
final class TextPattern {

    private final byte[] text;
    private final boolean whole;
    private final boolean anyCase;

    private TextPattern(String text, boolean whole, boolean anyCase) {
        this.text = text.getBytes(US_ASCII);
        this.whole = whole;
        this.anyCase = anyCase;
    }

    /** Returns the pattern of a path: what it begins with, in whole segments, or what all of it looks like. */
    static TextPattern ofPath(String path) {
        boolean isWhole = path.indexOf('*') >= 0;
        return new TextPattern(!isWhole && path.equals("/") ? "" : path, isWhole, false);
    }

    /** Returns the pattern of a value, in any case of letters. */
    static TextPattern ofValue(String glob) {
        return new TextPattern(glob.toLowerCase(Locale.ROOT), true, true);
    }

    boolean isWhole() {
        return whole;
    }

    /** Returns true if a path begins like this, up to the end of a segment. */
    boolean begins(byte[] source, int from, int to) {
        if (to - from < text.length) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if (source[from + i] != text[i]) {
                return false;
            }
        }
        return to - from == text.length || source[from + text.length] == '/';
    }

    /** Returns true if a text looks like this. After a mismatch the last asterisk takes one octet more. */
    boolean matches(byte[] source, int from, int to) {
        int at = from;
        int i = 0;
        int asterisk = -1;
        int retry = from;
        while (at < to) {
            if (i < text.length && text[i] == '*') {
                asterisk = i++;
                retry = at;
            } else if (i < text.length && text[i] == octet(source[at])) {
                i++;
                at++;
            } else if (asterisk >= 0) {
                i = asterisk + 1;
                at = ++retry;
            } else {
                return false;
            }
        }
        while (i < text.length && text[i] == '*') {
            i++;
        }
        return i == text.length;
    }

    private byte octet(byte b) {
        return anyCase ? Octets.lower(b) : b;
    }
}
