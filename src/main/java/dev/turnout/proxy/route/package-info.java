/**
 * Which target gets a request, and what is known of each target. {@link dev.turnout.proxy.route.RoutingTable#claim} is
 * where a request and a switch meet.
 */
@NullMarked
package dev.turnout.proxy.route;

import org.jspecify.annotations.NullMarked;
