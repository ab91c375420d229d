package dev.turnout.proxy.route;

import dev.turnout.proxy.http1.StickyCookie;

/**
 * How the clients of a service are kept at their targets.
 *
 * @param cookie what they are known by
 * @param drainMillis how long they may go on to a target that is taken out of rotation. Milliseconds; 0 for not at all
 */
public record Stickiness(StickyCookie cookie, long drainMillis) {}
