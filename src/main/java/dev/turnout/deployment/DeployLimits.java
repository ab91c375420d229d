package dev.turnout.deployment;

import java.time.Duration;

/**
 * How long a deployment waits.
 *
 * @param start for a new version to open its port
 * @param change for Turnout's answer to one change
 * @param stop between SIGTERM and SIGKILL
 */
public record DeployLimits(Duration start, Duration change, Duration stop) {}
