package dev.turnout.health;

import dev.turnout.routing.Target;
import java.time.Duration;

/**
 * One probe of a gate, as a progress report.
 *
 * @param path that was requested
 * @param goodInARow how many of the target's last probes were good, with this probe
 * @param needed how many good probes in a row the gate needs
 * @param elapsed since the gate began
 * @param deadline of the gate, since it began
 */
public record GateProbe(
        Target target,
        ProbeResult result,
        String path,
        int goodInARow,
        int needed,
        Duration elapsed,
        Duration deadline) {}
