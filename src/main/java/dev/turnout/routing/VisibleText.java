package dev.turnout.routing;

/**
 * Text from outside, in a form that is safe in a log, a report and a terminal.
 *
 * <p>Line ends, escape codes and other control characters, characters that change the direction of writing, invisible
 * characters and halves of surrogate pairs are written as an escape: {@code \n}, {@code \r}, {@code \t} or {@code \}{@code
 * u001b}. All other characters stay, backslashes too, so that text may pass here twice.
 */
public final class VisibleText {

    /** The length that is kept of a request's path, or of another short text. Characters. */
    public static final int SHORT = 256;

    /** The length that is kept of a message, such as the output of a command. Characters. */
    public static final int LONG = 8_192;

    private VisibleText() {}

    /** Returns the text with an escape in the place of each character that is not visible. */
    public static String of(String text) {
        int plain = endOfPlain(text, 0);
        if (plain == text.length()) {
            return text;
        }
        StringBuilder visible = new StringBuilder(text.length() + 16).append(text, 0, plain);
        int at = plain;
        while (at < text.length()) {
            int character = text.codePointAt(at);
            append(visible, character);
            int next = at + Character.charCount(character);
            at = endOfPlain(text, next);
            visible.append(text, next, at);
        }
        return visible.toString();
    }

    /**
     * Returns the text as {@link #of(String)} does, shortened if it is long.
     *
     * @param most how many characters the result has at most; a shortened text ends with its full length
     */
    public static String of(String text, int most) {
        return of(text, text.length(), most);
    }

    /**
     * Returns the start of a text as {@link #of(String, int)} does.
     *
     * @param start the first characters; more than {@code most} if the text is longer
     * @param length how many characters the whole text has
     */
    public static String of(String start, int length, int most) {
        // What is cut off needs no escape.
        String visible = of(start.length() > most ? start.substring(0, most + 1) : start);
        if (visible.length() <= most && start.length() == length) {
            return visible;
        }
        String mark = "...(" + length + " characters)";
        return cut(visible, Math.max(0, most - mark.length())) + mark;
    }

    /** Returns at most so many characters of the text's visible form, with no mark. */
    public static String startOf(String text, int most) {
        return cut(of(text), most);
    }

    private static String cut(String visible, int most) {
        if (visible.length() <= most) {
            return visible;
        }
        boolean splitsPair = most > 0 && Character.isHighSurrogate(visible.charAt(most - 1));
        return visible.substring(0, splitsPair ? most - 1 : most);
    }

    private static int endOfPlain(String text, int from) {
        int at = from;
        while (at < text.length() && isPlain(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isPlain(char letter) {
        return letter >= ' ' && letter < 0x7f;
    }

    private static void append(StringBuilder visible, int character) {
        switch (character) {
            case '\n' -> visible.append("\\n");
            case '\r' -> visible.append("\\r");
            case '\t' -> visible.append("\\t");
            default -> {
                if (isVisible(character)) {
                    visible.appendCodePoint(character);
                } else {
                    for (char unit : Character.toChars(character)) {
                        visible.append("\\u").append(Integer.toHexString(0x10000 | unit), 1, 5);
                    }
                }
            }
        }
    }

    private static boolean isVisible(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
