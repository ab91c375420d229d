package dev.turnout.cli;

import dev.turnout.text.Phrase;
import java.util.List;
import picocli.CommandLine.ParseResult;

/** A word of the command line, such as {@code status}. A word has no state: it may be run any number of times. */
interface Word {

    /** Returns the word as it is typed. */
    String word();

    /** Returns what the word does, in one line without a full stop. */
    Phrase summary();

    /** Returns what an operator has to know beyond the summary, a paragraph each. */
    default List<Phrase> description() {
        return List.of();
    }

    /** Returns one example or more. */
    List<Example> examples();

    /** Adds the word's own options and parameters. */
    void define(WordSpec spec);

    /**
     * Does what the word says. Blocks.
     *
     * @param given the options and parameters, which fit {@link #define}
     * @throws WordFailed if it can't be done
     */
    ExitCode run(ParseResult given, Session session) throws WordFailed;
}
