package dev.turnout.proxy;

import dev.turnout.proxy.loop.Isolated;
import dev.turnout.proxy.loop.LoopContext;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The requests for one service that wait on one event loop because the service is paused. When it is resumed they go in
 * the order in which they came, and paced: what met the target all at once could take it down. To be used on its event
 * loop only.
 */
final class PausedRequests {

    private static final int STEP_MILLIS = 10;

    private final LoopContext loop;
    private final String service;
    private final PauseBudget held;
    private final PauseLimits limits;
    private final Set<Exchange> waiting = new LinkedHashSet<>();
    private boolean releasing;

    PausedRequests(LoopContext loop, String service, PauseBudget held, PauseLimits limits) {
        this.loop = loop;
        this.service = service;
        this.held = held;
        this.limits = limits;
    }

    /** Lets a request wait; false if there is no room for it. */
    boolean admit(Exchange exchange) {
        if (!held.admit(exchange.heldBytes())) {
            return false;
        }
        waiting.add(exchange);
        return true;
    }

    /** Forgets a request that waits no more. */
    void leave(Exchange exchange) {
        if (waiting.remove(exchange)) {
            held.leave(exchange.heldBytes());
        }
    }

    /** How long one may wait. */
    long waitMillis() {
        return limits.waitMillis();
    }

    /** Begins to let go what waits; what is found paused again stays. */
    void release() {
        if (!releasing && !waiting.isEmpty()) {
            releasing = true;
            long steps = Math.max(1, limits.releaseMillis() / STEP_MILLIS);
            step((int) ((waiting.size() + steps - 1) / steps));
        }
    }

    private void step(int perStep) {
        for (int i = 0; i < perStep && !waiting.isEmpty(); i++) {
            if (!claimAgain(waiting.iterator().next())) {
                releasing = false;
                return;
            }
        }
        if (waiting.isEmpty()) {
            releasing = false;
        } else {
            loop.eventLoop().schedule(() -> step(perStep), STEP_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Lets one request go; false if its service is paused again. One that throws is forgotten: its time-out ends it. */
    private boolean claimAgain(Exchange exchange) {
        boolean[] isPaused = {false};
        if (!Isolated.run("A request that waited", () -> isPaused[0] = !exchange.claimAgain(service))) {
            leave(exchange);
        }
        return !isPaused[0];
    }

    /** Refuses everything that waits. */
    void dismiss(LocalReply answer) {
        for (Exchange exchange : List.copyOf(waiting)) {
            Isolated.run("The refusal of a request that waited", () -> exchange.dismiss(answer));
        }
    }
}
