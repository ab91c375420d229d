package dev.turnout.health;

import java.time.Instant;
import java.util.Optional;

/**
 * The health of one target after the probes so far.
 *
 * @param goodInARow how many of the last probes were good; 0 after a bad one
 * @param badInARow how many of the last probes were bad; 0 after a good one
 * @param since when {@code health} became what it is
 * @param last the last probe; empty if there was none
 */
public record TargetHealth(Health health, int goodInARow, int badInARow, Instant since, Optional<ProbeResult> last) {

    /** Returns the health before the first probe has ended. */
    static TargetHealth unknown(Instant now) {
        return new TargetHealth(Health.UNKNOWN, 0, 0, now, Optional.empty());
    }

    /**
     * Returns the health after one more probe. The first probe decides alone. Later changes take {@code rise} good or
     * {@code fall} bad probes in a row.
     */
    TargetHealth after(ProbeResult probe, int rise, int fall) {
        int good = probe.good() ? goodInARow + 1 : 0;
        int bad = probe.good() ? 0 : badInARow + 1;
        Health next = health;
        if (probe.good() && (health == Health.UNKNOWN || good >= rise)) {
            next = Health.UP;
        } else if (!probe.good() && (health == Health.UNKNOWN || bad >= fall)) {
            next = Health.DOWN;
        }
        return new TargetHealth(next, good, bad, next == health ? since : probe.at(), Optional.of(probe));
    }

    /** Returns the health after a gate has proved the target by {@code good} probes of its own. */
    TargetHealth proved(ProbeResult probe, int good) {
        Instant changed = health == Health.UP ? since : probe.at();
        return new TargetHealth(Health.UP, good, 0, changed, Optional.of(probe));
    }
}
