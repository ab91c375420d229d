package dev.turnout.switching;

/** The verdict of a watch about the new slot. Its {@link #toString()} is the word in receipts. */
public enum WatchVerdict {
    BETTER_OR_SAME("better-or-same"),
    WORSE("worse"),
    INCONCLUSIVE("inconclusive");

    private final String word;

    WatchVerdict(String word) {
        this.word = word;
    }

    @Override
    public String toString() {
        return word;
    }
}
