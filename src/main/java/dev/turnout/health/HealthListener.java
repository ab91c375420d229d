package dev.turnout.health;

import dev.turnout.routing.Target;

/** A listener for every change of a target's health. */
@FunctionalInterface
public interface HealthListener {

    /** Called when the health has changed: {@code after.health()} differs from {@code before.health()}. Event loop only. */
    void healthChanged(String service, Target target, TargetHealth before, TargetHealth after);
}
