package dev.turnout.cli;

import java.util.regex.Pattern;

/** The columns that text takes on a terminal. A letter of Hangul takes two. */
final class Columns {

    private static final Pattern ESCAPE = Pattern.compile("\u001b\\[[0-9;]*m");

    private Columns() {}

    /** Returns how many columns a text takes. Escape codes of a {@link Style} take none. */
    static int of(String text) {
        return ESCAPE.matcher(text).replaceAll("").codePoints().map(Columns::of).sum();
    }

    private static int of(int character) {
        boolean isWide = character >= 0x1100 && character <= 0x115f
                || character >= 0x2e80 && character <= 0xa4cf
                || character >= 0xac00 && character <= 0xd7a3
                || character >= 0xf900 && character <= 0xfaff
                || character >= 0xfe30 && character <= 0xfe6f
                || character >= 0xff00 && character <= 0xff60
                || character >= 0x1f300 && character <= 0x1faff
                || character >= 0x20000 && character <= 0x3fffd;
        return isWide ? 2 : 1;
    }

    /** Returns the text with blanks up to a number of columns. */
    static String padded(String text, int columns) {
        return text + " ".repeat(Math.max(0, columns - of(text)));
    }

    /** Returns the text, or the start of it that fits into a number of columns, then without styles. */
    static String cut(String styled, int columns) {
        if (of(styled) <= columns) {
            return styled;
        }
        String text = ESCAPE.matcher(styled).replaceAll("");
        StringBuilder kept = new StringBuilder();
        int used = 0;
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            used += of(text.codePointAt(at));
            if (used > columns - 1) {
                break;
            }
            kept.appendCodePoint(text.codePointAt(at));
        }
        return kept.append('…').toString();
    }
}
