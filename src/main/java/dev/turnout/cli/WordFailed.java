package dev.turnout.cli;

import java.util.List;

/** A word can't do what it was asked to do. The lines are for the operator, in the operator's language. */
final class WordFailed extends Exception {

    private static final long serialVersionUID = 1L;

    private final ExitCode exit;
    private final transient List<String> lines;

    WordFailed(ExitCode exit, String... lines) {
        super(lines.length == 0 ? exit.name() : lines[0]);
        this.exit = exit;
        this.lines = List.of(lines);
    }

    ExitCode exit() {
        return exit;
    }

    /** Returns what happened, what holds now and what to do, a line each. */
    List<String> lines() {
        return lines;
    }
}
