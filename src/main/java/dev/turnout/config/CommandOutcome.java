package dev.turnout.config;

import dev.turnout.routing.VisibleText;
import java.time.Duration;

/** The outcome of a command. */
public sealed interface CommandOutcome {

    /** Returns true if the command ended with 0. */
    boolean succeeded();

    /** Returns the outcome in words, with the output of the command. */
    String describe();

    /** The command ran to its end. */
    record Ended(String command, int exit, String output) implements CommandOutcome {
        @Override
        public boolean succeeded() {
            return exit == 0;
        }

        @Override
        public String describe() {
            return "'" + command + "' ended with exit code " + exit + said(output);
        }
    }

    /** The command was killed at its time limit, with its children. */
    record TimedOut(String command, Duration limit, String output) implements CommandOutcome {
        @Override
        public boolean succeeded() {
            return false;
        }

        @Override
        public String describe() {
            return "'" + command + "' was killed after " + limit.toMillis() + " ms" + said(output);
        }
    }

    /** There is no such program, or it may not be run. */
    record NotStarted(String command, String reason) implements CommandOutcome {
        @Override
        public boolean succeeded() {
            return false;
        }

        @Override
        public String describe() {
            return "'" + command + "' could not be started: " + reason;
        }
    }

    private static String said(String output) {
        return output.isBlank() ? " and said nothing" : " and said: " + VisibleText.of(output.strip());
    }
}
