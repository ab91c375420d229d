package dev.turnout.health;

import dev.turnout.routing.Target;

/** Hears of every change of a target's health. */
@FunctionalInterface
public interface HealthListener {

    /** Called on an event loop, so it must not block; {@code after.health()} differs from {@code before.health()}. */
    void healthChanged(String service, Target target, TargetHealth before, TargetHealth after);
}
