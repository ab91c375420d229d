package dev.turnout.health;

import dev.turnout.routing.Target;

/** A listener for every probe that has ended, and for every gate that has proved a target. */
@FunctionalInterface
public interface ProbeListener {

    /** Called when a probe has ended: {@code after.last()} is the probe. Event loop only. */
    void probed(String service, Target target, TargetHealth after);
}
