package dev.turnout.fleet;

/** What the store has said to an update. */
enum UpdateAnswer {
    /** It was made. */
    MADE,
    /** Its conditions did not hold: it was not made, and never will be. */
    REFUSED,
    /** Nothing came: it was made, it was not, or it is still on its way. */
    UNKNOWN
}
