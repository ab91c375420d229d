package dev.turnout.switching;

import java.util.Locale;

/** What a change is doing now. Its {@link #toString()} is the word in status and events. */
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
