package dev.turnout.health;

import dev.turnout.routing.VisibleText;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Collectors;

/** The count of results that came one after another, in short: {@code refused 14x, then 503 3x}. */
final class Tally {

    private static final int RUNS_KEPT = 8;

    private record Run(String cause, int times) {
        @Override
        public String toString() {
            return cause + " " + times + "x";
        }
    }

    private final Deque<Run> runs = new ArrayDeque<>();
    private boolean shortened;

    /** @param said the result; a target may have sent the text */
    void add(String said) {
        String cause = VisibleText.of(said, VisibleText.SHORT);
        Run last = runs.peekLast();
        if (last != null && last.cause().equals(cause)) {
            runs.removeLast();
            runs.addLast(new Run(cause, last.times() + 1));
            return;
        }
        if (runs.size() == RUNS_KEPT) {
            runs.removeFirst();
            shortened = true;
        }
        runs.addLast(new Run(cause, 1));
    }

    @Override
    public String toString() {
        String text = runs.stream().map(Run::toString).collect(Collectors.joining(", then "));
        return shortened ? "..., then " + text : text;
    }
}
