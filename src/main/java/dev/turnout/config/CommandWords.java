package dev.turnout.config;

import java.util.ArrayList;
import java.util.List;

/**
 * A command as a list of words. No shell reads the command. Blanks separate words; {@code '...'} and {@code "..."}
 * quote blanks. No other character is special.
 *
 * @param words the program and its arguments; at least one
 */
public record CommandWords(List<String> words) {

    private static final int NO_QUOTE = 0;

    public CommandWords {
        words = List.copyOf(words);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("a command needs at least one word");
        }
    }

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException with a sentence that says what is wrong with the text
     */
    public static CommandWords parse(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        int quote = NO_QUOTE;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != NO_QUOTE) {
                if (c == quote) {
                    quote = NO_QUOTE;
                } else {
                    word.append(c);
                }
            } else if (c == '\'' || c == '"') {
                quote = c;
                inWord = true;
            } else if (!Character.isWhitespace(c)) {
                word.append(c);
                inWord = true;
            } else if (inWord) {
                words.add(word.toString());
                word.setLength(0);
                inWord = false;
            }
        }
        if (quote != NO_QUOTE) {
            throw new IllegalArgumentException("'" + text + "' has a quote that is not closed");
        }
        if (inWord) {
            words.add(word.toString());
        }
        return new CommandWords(words);
    }

    /** Returns the words with blanks between them, for people. */
    @Override
    public String toString() {
        return String.join(" ", words);
    }
}
