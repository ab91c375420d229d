package dev.turnout.doctor;

import dev.turnout.routing.VisibleText;
import dev.turnout.text.Phrase;

/**
 * What one check has found, as visible text: names of processes and files come from outside.
 *
 * @param severity how serious it is
 * @param check the word of the check, for programs
 * @param seen what was seen
 * @param advice what to do; empty if nothing is to be done
 */
public record Finding(Severity severity, String check, Phrase seen, Phrase advice) {

    public Finding {
        seen = visible(seen);
        advice = visible(advice);
    }

    private static final Phrase NOTHING = new Phrase("", "");

    private static Phrase visible(Phrase phrase) {
        return new Phrase(
                VisibleText.of(phrase.english(), VisibleText.LONG), VisibleText.of(phrase.korean(), VisibleText.LONG));
    }

    /** Returns a finding that asks for nothing. */
    static Finding good(String check, Phrase seen) {
        return new Finding(Severity.GOOD, check, seen, NOTHING);
    }
}
