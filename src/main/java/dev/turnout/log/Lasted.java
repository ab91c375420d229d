package dev.turnout.log;

import java.time.Duration;

/** A duration as people read it: {@code 850 ms}, {@code 34 s}, {@code 12 min 5 s}, {@code 3 h 2 min}. */
final class Lasted {

    private Lasted() {}

    static String of(Duration duration) {
        if (duration.toSeconds() < 1) {
            return duration.toMillis() + " ms";
        }
        if (duration.toMinutes() < 1) {
            return duration.toSeconds() + " s";
        }
        return duration.toHours() < 1
                ? duration.toMinutes() + " min " + duration.toSecondsPart() + " s"
                : duration.toHours() + " h " + duration.toMinutesPart() + " min";
    }
}
