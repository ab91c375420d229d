package dev.turnout.proxy.exchange;

import dev.turnout.proxy.route.TargetState;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a request that is traced.
 *
 * @param span the identifier of its span, which the target was told
 * @param revision of the routing of the service; 0 if not known
 * @param startNanos and {@code endNanos}: nanoseconds of the clock of exchanges
 * @param error why it failed; null if it did not
 */
public record TracedAttempt(
        long span,
        TargetState target,
        long revision,
        long startNanos,
        long endNanos,
        @Nullable String error) {}
