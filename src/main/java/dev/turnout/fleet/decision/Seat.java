package dev.turnout.fleet.decision;

/**
 * Which process takes part in which service.
 *
 * @param service by its name
 * @param member the id of this machine's place in the roster
 * @param process the id of this process; another one after each start
 * @param format the highest format of values that this process reads
 */
public record Seat(String service, String member, String process, int format) {}
