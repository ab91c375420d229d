package dev.turnout.health;

import dev.turnout.routing.Target;

/**
 * One probe of a gate, as a progress report.
 *
 * @param goodInARow how many of the target's last probes were good, with this probe
 * @param needed how many good probes in a row the gate needs
 */
public record GateProbe(Target target, ProbeResult result, int goodInARow, int needed) {}
