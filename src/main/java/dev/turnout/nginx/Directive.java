package dev.turnout.nginx;

import java.util.List;
import java.util.Optional;

/**
 * One directive of an nginx configuration and its place in the text.
 *
 * @param words its name and arguments; never empty
 * @param start index of its first character
 * @param end index after its {@code ;} or <code>}</code>
 * @param block the directives between its braces; empty without braces
 */
record Directive(List<Word> words, int start, int end, Optional<List<Directive>> block) {

    /**
     * A word of a directive.
     *
     * @param value without quotes and escapes
     * @param start index of its first character, a quote if it has one
     * @param end index after its last character
     */
    record Word(String value, int start, int end) {}

    String name() {
        return words.get(0).value();
    }

    /** Returns how many words follow the name. */
    int arguments() {
        return words.size() - 1;
    }

    Word argument(int index) {
        return words.get(index + 1);
    }
}
