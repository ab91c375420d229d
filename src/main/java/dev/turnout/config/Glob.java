package dev.turnout.config;

/** The texts in which an asterisk stands for any characters. */
final class Glob {

    private static final int LONGEST = 256;
    private static final int MOST_ASTERISKS = 4;

    private Glob() {}

    /** Returns true if a text is visible ASCII, and has so few asterisks that a search for it is short. */
    static boolean isLegal(String text) {
        return text.length() <= LONGEST
                && text.chars().allMatch(c -> c >= ' ' && c < 0x7f)
                && text.chars().filter(c -> c == '*').count() <= MOST_ASTERISKS;
    }
}
