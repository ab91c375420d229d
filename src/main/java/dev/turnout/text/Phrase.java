package dev.turnout.text;

/** A text in both languages. */
public record Phrase(String english, String korean) {

    /** Returns the form in a language. */
    public String in(Language language) {
        return language.of(english, korean);
    }
}
