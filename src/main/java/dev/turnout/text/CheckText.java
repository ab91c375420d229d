package dev.turnout.text;

import java.util.List;
import java.util.Optional;

/**
 * The Korean of what is found wrong in a configuration, and of the warnings of receipts. Both are made in English. A
 * message is one of the {@link Templates} of {@link CheckMessages}, {@link CheckValues} and {@link ReceiptWarnings}. Pure.
 */
public final class CheckText {

    private static final Templates TEMPLATES =
            new Templates(CheckMessages.TABLE, CheckValues.TABLE, ReceiptWarnings.TABLE);

    private CheckText() {}

    /** Returns a message in a language. A message or a fact that no template is for stays in English. */
    public static String of(String english, Language language) {
        return language == Language.ENGLISH ? english : korean(english).orElse(english);
    }

    /** Returns messages in a language. */
    public static List<String> of(List<String> english, Language language) {
        return english.stream().map(message -> of(message, language)).toList();
    }

    /** Returns a message in both languages. */
    public static Phrase phrase(String english) {
        return new Phrase(english, of(english, Language.KOREAN));
    }

    /** Returns the Korean of a message; empty if no template is for it. */
    static Optional<String> korean(String english) {
        return TEMPLATES.korean(english);
    }
}
