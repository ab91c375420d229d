package dev.turnout.nginx;

import dev.turnout.routing.VisibleText;
import java.time.Duration;

/** What came of running a command. */
sealed interface CommandOutcome {

    /** Whether the command did what it should. */
    boolean succeeded();

    /** In words, with what the command itself has said. */
    String describe();

    /** It ran to its end. */
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

    /** It was killed at its time limit, with its children. */
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
