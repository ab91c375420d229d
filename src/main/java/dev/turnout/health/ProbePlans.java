package dev.turnout.health;

import dev.turnout.routing.Target;

/** The plans by which targets are probed; asked before each probe, gate and warm-up. Any thread. */
@FunctionalInterface
public interface ProbePlans {

    /** Returns the plan for a target of a service. */
    ProbePlan of(String service, Target target);
}
