package dev.turnout.health;

/** The health of a target, as far as it is known. */
public enum Health {
    /** No probe has ended yet. An unknown target is not healthy. */
    UNKNOWN,
    /** The target serves. */
    UP,
    /** The target does not serve. */
    DOWN
}
