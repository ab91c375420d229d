package dev.turnout.health;

import dev.turnout.routing.Target;

/**
 * The end of a round of a warm-up at a target, as a progress report.
 *
 * @param round from 1
 * @param requests of this target so far
 * @param failures of these requests
 * @param p95Millis of the responses of this round; 0 if there was none
 */
public record WarmUpRound(Target target, int round, long requests, long failures, double p95Millis) {}
