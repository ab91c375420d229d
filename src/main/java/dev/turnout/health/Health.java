package dev.turnout.health;

/** What is known of a target's health. */
public enum Health {
    /** No probe has ended yet: this is not good. */
    UNKNOWN,
    /** The target serves. */
    UP,
    /** The target doesn't. */
    DOWN
}
