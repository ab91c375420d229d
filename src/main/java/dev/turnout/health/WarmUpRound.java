package dev.turnout.health;

import dev.turnout.routing.Target;

/**
 * A round of a warm-up has ended at a target, for those who watch it.
 *
 * @param round from 1
 * @param requests of this target so far
 * @param failures of those
 * @param p95Millis of the requests of this round that were answered; 0 if none was
 */
public record WarmUpRound(Target target, int round, long requests, long failures, double p95Millis) {}
