package dev.turnout.switching;

import java.time.Duration;

/**
 * How long a switch may take.
 *
 * @param gate until the new slot must be healthy
 * @param drain until the old slot's requests are cut
 */
public record SwitchTimes(Duration gate, Duration drain) {}
