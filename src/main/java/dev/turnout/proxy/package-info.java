/**
 * The data plane: what stands on the front port and carries requests to the active slot.
 *
 * <p>A request's way: {@link dev.turnout.proxy.ClientConnection} reads its head, {@link
 * dev.turnout.proxy.route.RoutingTable} claims a target, an {@link dev.turnout.proxy.Exchange} sends it over a {@link
 * dev.turnout.proxy.TargetConnection} of the same event loop's {@link dev.turnout.proxy.TargetPool} and passes the
 * response back. Everything of one client runs on one event loop, whose own things are its {@link
 * dev.turnout.proxy.loop.LoopContext}'s; the only meeting of threads is the claim. TLS goes in front of the client's handler, in
 * its pipeline; another protocol on the client's side takes the place of the client's handler and shares the exchange.
 */
package dev.turnout.proxy;
