package dev.turnout.routing;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The means to keep new requests of a service for a moment, until a decision of the fleet is known. Unlike a pause a hold is
 * no routing state: it is on no disk, and what it has kept goes all at once, to where it would have gone. Any thread. No method
 * blocks.
 */
public interface HoldControl {

    /** The hold of a plane that is in no fleet: it keeps nothing. */
    HoldControl NONE = new HoldControl() {
        @Override
        public CompletionStage<Void> hold(String service) {
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void release(String service) {}
    };

    /**
     * Keeps new requests of a service until {@link #release}. They are bounded as those of a pause are, and are refused
     * after the same time. Publishing a state does not let them go. What is in flight goes on.
     *
     * @return completes when no request can be claimed any more that is not counted in flight already
     */
    CompletionStage<Void> hold(String service);

    /** Lets all requests of a service go at once, by the state in force. Those of a paused service wait on. */
    void release(String service);
}
