package dev.turnout.proxy.exchange;

import dev.turnout.proxy.loop.Isolated;
import dev.turnout.proxy.loop.LoopContext;
import dev.turnout.proxy.route.PauseLimits;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The requests for one service that wait on one event loop because the service is paused or held. Once the service is resumed
 * they go in the order in which they came, and paced: all at once they could take the target down. What came in the
 * milliseconds of a hold goes all at once. Event loop only.
 */
final class PausedRequests {

    private static final int STEP_MILLIS = 10;

    /** A request that waits. */
    interface Waiting {

        /** Returns how many bytes wait with the request. */
        long bytes();

        /** Returns true if the request waits for a resume, and is let go at the pace of one. */
        boolean isPaced();

        /** Called when the service has been resumed. Returns false if it is paused again, and the request waits on. */
        boolean claimAgain(String service);

        /** Called when the request is to wait no more. */
        void dismiss(LocalReply reply);
    }

    private final LoopContext loop;
    private final String service;
    private final PauseBudget budget;
    private final Supplier<PauseLimits> limits;
    private final Set<Waiting> waiting = new LinkedHashSet<>();
    private boolean releasing;

    /** @param limits returns the limits in force */
    PausedRequests(LoopContext loop, String service, PauseBudget budget, Supplier<PauseLimits> limits) {
        this.loop = loop;
        this.service = service;
        this.budget = budget;
        this.limits = limits;
    }

    /** Lets a request wait. Returns false if there is no room for it. */
    boolean admit(Waiting request) {
        if (!budget.admit(request.bytes(), limits.get())) {
            return false;
        }
        waiting.add(request);
        return true;
    }

    /** Lets a request that waits keep more bytes. Returns false if there is no room for them. */
    boolean grow(Waiting request, long more) {
        return !waiting.contains(request) || budget.grow(more, limits.get());
    }

    /** Forgets a request that waits no more. */
    void leave(Waiting request) {
        if (waiting.remove(request)) {
            budget.leave(request.bytes());
        }
    }

    /** Returns how long a request may wait. Milliseconds. */
    long waitMillis() {
        return limits.get().waitMillis();
    }

    /** Begins to release the requests. A request whose service is paused again stays. */
    void release() {
        if (!releasing && !waiting.isEmpty()) {
            releasing = true;
            long steps = Math.max(1, limits.get().releaseMillis() / STEP_MILLIS);
            step((int) ((waiting.size() + steps - 1) / steps));
        }
    }

    /** Releases all requests that a hold has kept. Those that a pause keeps go at their pace. */
    void releaseHeld() {
        for (Waiting request : List.copyOf(waiting)) {
            if (!request.isPaced() && !claimAgain(request)) {
                return;
            }
        }
        release();
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

    /**
     * Releases one request. Returns false if its service is paused again. A request that throws is forgotten, and its
     * time-out ends it.
     */
    private boolean claimAgain(Waiting request) {
        boolean[] isPaused = {false};
        if (!Isolated.run("A request that waited", () -> isPaused[0] = !request.claimAgain(service))) {
            leave(request);
        }
        return !isPaused[0];
    }

    /** Refuses all requests that wait. */
    void dismiss(LocalReply reply) {
        for (Waiting request : List.copyOf(waiting)) {
            Isolated.run("The refusal of a request that waited", () -> request.dismiss(reply));
        }
    }
}
