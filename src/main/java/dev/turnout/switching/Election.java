package dev.turnout.switching;

import java.util.Optional;

/**
 * Who does for a service what one member does for all of a fleet.
 *
 * @param isHere whether this Turnout does it: it is elected, or alone
 * @param other the member that does it; empty if this one does, or if it is not known who does
 */
record Election(boolean isHere, Optional<String> other) {

    /** A Turnout that is in no fleet. */
    static final Election ALONE = new Election(true, Optional.empty());

    /**
     * Returns who does it in a fleet.
     *
     * @param elected by the fleet; empty if it is not known
     */
    static Election of(Optional<String> elected, String own) {
        boolean isHere = elected.filter(own::equals).isPresent();
        return new Election(isHere, isHere ? Optional.empty() : elected);
    }
}
