package dev.turnout.switching;

import java.util.Locale;

/** The step that a change is at. Its {@link #toString()} is the word in status and events. */
public enum Step {
    STARTING,
    GATE,
    WARMUP,
    PERSIST,
    PUBLISH,
    WATCH,
    DRAIN;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
