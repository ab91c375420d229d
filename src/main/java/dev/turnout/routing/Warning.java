package dev.turnout.routing;

import java.util.List;

/**
 * What an operator should know now, a sentence or two. An immutable value.
 *
 * @param code the word for programs, such as {@code paused}; it stays when the sentence changes
 */
public record Warning(String code, String english, String korean) {

    /** Returns the warning as it may be shown: names of files, and what others answer, stand in warnings. */
    public Warning visible() {
        return new Warning(code, VisibleText.of(english, VisibleText.LONG), VisibleText.of(korean, VisibleText.LONG));
    }

    /** Returns the sentences in English, as the log and receipts have them. */
    public static List<String> english(List<Warning> warnings) {
        return warnings.stream().map(Warning::english).toList();
    }
}
