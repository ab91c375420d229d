package dev.turnout.deployment;

import java.time.Duration;
import java.util.Optional;

/**
 * What an operator wants of a deployment, whatever its strategy.
 *
 * @param by who deploys
 * @param note a free text
 * @param watch how long Turnout compares both versions after the switch
 * @param keepOld how long the old version goes on running
 * @param adopts true to stop processes at the targets that are not known to be the application
 */
public record DeployRequest(
        String by,
        Optional<String> note,
        Optional<Duration> watch,
        KeepOld keepOld,
        boolean adopts,
        DeployLimits limits) {}
