package dev.turnout.support;

/** How often a test repeats what it does at random moments: a few times by default, often with {@code -Pthorough}. */
public final class Rounds {

    private Rounds() {}

    /** Returns the number of rounds for this build. */
    public static int of(int usual, int thorough) {
        return Boolean.getBoolean("test.thorough") ? thorough : usual;
    }
}
