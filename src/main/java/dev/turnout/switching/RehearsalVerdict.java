package dev.turnout.switching;

import java.util.Locale;

/** What a rehearsal says of the idle slot. Its {@link #toString()} is the word in JSON. */
public enum RehearsalVerdict {
    /** Fewer requests have been rehearsed than it takes. */
    TOO_FEW,
    /** The idle slot fails more often. */
    FAILS,
    /** The idle slot is slower. */
    SLOWER,
    BETTER_OR_SAME;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
