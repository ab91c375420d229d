/**
 * The data plane: stands on the front port, and carries requests to the active slot.
 *
 * <p>{@link dev.turnout.proxy.DataPlane} is the public door. Behind the door are rooms, packages that nobody outside uses.
 * A room uses rooms below it only:
 *
 * <pre>
 * listen, observe       sockets and pipelines; access log
 * connection            HTTP/1 on the wire, to clients and to targets
 * exchange              one request and its response
 * route, body, loop     targets; the ends of bodies; what one event loop has for itself
 * http1                 scanners and rewriters, without I/O
 * </pre>
 *
 * <h2>The life of a request</h2>
 *
 * <ol>
 *   <li>{@link dev.turnout.proxy.listen.Listener} accepts a connection. The connection stays on one event loop, and {@code
 *       ServingLoop} holds the parts of that event loop.
 *   <li>{@link dev.turnout.proxy.listen.ClientPipeline} decides which protocol the connection speaks. For HTTP/1 the handler
 *       is an {@link dev.turnout.proxy.connection.Http1ClientConnection}.
 *   <li>{@code Http1Requests} collects bytes until {@link dev.turnout.proxy.http1.RequestHead} has scanned a whole head. What
 *       is no well-formed head is answered, and the connection ends.
 *   <li>{@link dev.turnout.proxy.exchange.Admission} asks its rules in order. A request that is refused gets a {@link
 *       dev.turnout.proxy.exchange.LocalReply}. Any other request is rewritten for its target.
 *   <li>An {@link dev.turnout.proxy.exchange.Exchange} claims a target from the {@link dev.turnout.proxy.route.RoutingTable}.
 *       The claim chooses the target and counts the request there in one step against a switch. If the service is paused,
 *       the request waits in {@code PausedRequests}, and claims later.
 *   <li>A {@code Delivery} makes an {@code Attempt}: an idle connection of the {@link
 *       dev.turnout.proxy.connection.TargetPool}, or a new connection, gets the request.
 *   <li>If the attempt fails before a byte of a response, {@code RetryRules} decides: again, elsewhere, or give up. A request
 *       that may have been processed is sent twice only if its method is idempotent.
 *   <li>A {@link dev.turnout.proxy.exchange.Relay} passes bodies both ways. A side is not read while the other side takes no
 *       more. {@code StallTimer} ends the exchange if the party that has to move does not move.
 *   <li>The response comes back through {@code Http1Responses}, {@code ResponseRelay} and {@code Http1ClientStream}. If nothing
 *       in the head has to change, the client gets the bytes of the target.
 *   <li>If the target is drained meanwhile, a {@code Farewell} ends a response that has no end of its own. The response ends
 *       where its reader expects an end.
 *   <li>At the end the claim is settled and counted once. The connection to the target goes back to the pool, if {@code
 *       Reusability} allows. Each {@link dev.turnout.proxy.exchange.ExchangeObserver} reads the {@link
 *       dev.turnout.proxy.exchange.ExchangeRecord}.
 *   <li>{@code Http1Requests} takes the next head, or the connection ends with a {@code LingeringClose}, so that the client can
 *       read its answer.
 * </ol>
 *
 * <h2>What holds everywhere</h2>
 *
 * <ul>
 *   <li>All of one client runs on one event loop. On its way a request takes no lock.
 *   <li>In the middle everything is an HTTP/1 message: a head as bytes, then body bytes. The exchange knows both sides by
 *       ports only: {@link dev.turnout.proxy.exchange.ClientStream} and {@link dev.turnout.proxy.exchange.TargetStream}.
 *   <li>A body is passed on as it comes. What is kept to be sent again is the head, and what of the body came with the head.
 *   <li>A buffer has one owner. A method that takes a buffer over says so.
 *   <li>A request allocates nothing for each header, and a read allocates no closure.
 * </ul>
 *
 * <p>TLS and other protocols go in front of the handler of the client, in {@code listen}. An HTTP/2 stream implements the
 * same ports in {@code connection}.
 */
@NullMarked
package dev.turnout.proxy;

import org.jspecify.annotations.NullMarked;
