package dev.turnout.config;

/** Which of several targets in rotation gets a request. */
public enum Balance {
    /** Each in its turn. */
    ROUND_ROBIN,
    /** The one with the fewest requests in flight; those with equally few in turn. */
    LEAST_IN_FLIGHT
}
