package dev.turnout.switching;

/** What a watch has found of the slot that was switched to. Its {@link #toString()} is the word in receipts. */
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
