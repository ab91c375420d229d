package dev.turnout.health;

import dev.turnout.routing.Target;
import java.time.Duration;

/**
 * One probe of a gate, as a progress report.
 *
 * @param goodInARow how many of the target's last probes were good, with this probe
 * @param needed how many good probes in a row the gate needs
 * @param path that was requested
 * @param passed since the gate began
 * @param deadline how long the gate may take
 */
public record GateProbe(
        Target target,
        ProbeResult result,
        int goodInARow,
        int needed,
        String path,
        Duration passed,
        Duration deadline) {}
