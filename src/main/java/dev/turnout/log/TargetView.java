package dev.turnout.log;

import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;

/**
 * A target as its service sees it at one moment.
 *
 * @param serves whether requests of clients go to the target: in rotation, in the active slot or in a canary's slot
 * @param probes how many bad probes there were in a row
 * @param reason what the last probe saw, in words; empty if there was none
 */
public record TargetView(Target target, Slot slot, boolean serves, Condition condition, int probes, String reason) {

    /** What the probes say. */
    public enum Condition {
        UNKNOWN,
        UP,
        DOWN
    }

    boolean isDown() {
        return condition == Condition.DOWN;
    }

    /** Returns the target, its slot, and whether the target serves. */
    @Override
    public String toString() {
        return target + " (" + slot + ", " + (serves ? "serves" : "idle") + ")";
    }
}
