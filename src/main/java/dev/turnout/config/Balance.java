package dev.turnout.config;

/** The rule that chooses a target for a request. */
public enum Balance {
    /** Every target in turn. */
    ROUND_ROBIN,
    /** The target with the fewest requests in flight. Targets with equally few requests are chosen in turn. */
    LEAST_IN_FLIGHT
}
