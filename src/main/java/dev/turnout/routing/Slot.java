package dev.turnout.routing;

/** One of the two places where a version of a service runs. {@link #toString()} is the word that users type. */
public enum Slot {
    BLUE("blue"),
    GREEN("green");

    private final String word;

    Slot(String word) {
        this.word = word;
    }

    /** Returns the other slot. */
    public Slot other() {
        return this == BLUE ? GREEN : BLUE;
    }

    /**
     * Reads the word that {@link #toString()} writes.
     *
     * @throws IllegalArgumentException if the text is neither {@code blue} nor {@code green}
     */
    public static Slot parse(String text) {
        return switch (text) {
            case "blue" -> BLUE;
            case "green" -> GREEN;
            default -> throw new IllegalArgumentException("a slot is blue or green, not '" + text + "'");
        };
    }

    @Override
    public String toString() {
        return word;
    }
}
