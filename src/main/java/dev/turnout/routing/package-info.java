/**
 * What is routed where: services, slots, targets, and the legal changes between one routing state and the next.
 *
 * <p>Everything here is a value or a pure function: no I/O, no clock, no framework. The one interface, {@link
 * dev.turnout.routing.TrafficPlane}, is what the rest of Turnout publishes a state to.
 */
package dev.turnout.routing;
