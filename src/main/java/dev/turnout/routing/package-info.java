/**
 * What is routed where: services, slots, targets, and the legal changes between one routing state and the next.
 *
 * <p>Everything here is a value or a pure function: no I/O, no clock, no framework. The interfaces are
 * what the rest of Turnout asks of the carrier of the traffic, split by who asks: {@link
 * dev.turnout.routing.TrafficCapabilities} holds them together.
 */
@NullMarked
package dev.turnout.routing;

import org.jspecify.annotations.NullMarked;
