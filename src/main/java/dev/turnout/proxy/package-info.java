/**
 * The data plane: what stands on the front port and carries requests to the active slot.
 *
 * <p>Everything of one client runs on one event loop, see {@link dev.turnout.proxy.ServingLoop}. The only meeting of
 * threads is the claim of a target in {@code proxy.route}.
 */
@NullMarked
package dev.turnout.proxy;

import org.jspecify.annotations.NullMarked;
