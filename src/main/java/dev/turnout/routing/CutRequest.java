package dev.turnout.routing;

/**
 * A request that a drain ended before it was done.
 *
 * @param method as sent
 * @param path the request target as sent
 * @param ageMillis from its claim to its end
 * @param target where it was in flight
 */
public record CutRequest(String method, String path, long ageMillis, Target target) {}
