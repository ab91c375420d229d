package dev.turnout.health;

import dev.turnout.routing.Target;

/** Hears of every probe that has ended, and of every gate that has proved a target. */
@FunctionalInterface
public interface ProbeListener {

    /** Called on an event loop, so it must not block; {@code after.last()} is the probe. */
    void probed(String service, Target target, TargetHealth after);
}
