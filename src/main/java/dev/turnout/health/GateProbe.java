package dev.turnout.health;

import dev.turnout.routing.Target;

/**
 * One step of a gate, for those who watch it.
 *
 * @param goodInARow how many of the target's last probes were good, this one included
 * @param needed how many it takes
 */
public record GateProbe(Target target, ProbeResult result, int goodInARow, int needed) {}
