package dev.turnout.routing;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The carrier of the traffic: Turnout's own data plane, or nginx. The rest of Turnout publishes routing states to it.
 *
 * <p>Any thread. No method blocks.
 */
public interface TrafficPlane {

    /** What a publication does with a {@linkplain RoutingWarnings#drift() drift} that it finds. */
    enum OnDrift {
        /** The publication fails, and the drift stays. */
        FAIL,

        /** The publication overwrites what somebody else has changed. */
        OVERWRITE
    }

    /**
     * Routes new requests by a state from now on.
     *
     * @return completes when no request can be claimed under an earlier state any more; completes exceptionally with
     *     {@link PublishFailed} if the traffic goes on under the earlier state
     */
    CompletionStage<Void> publish(RoutingState state, OnDrift onDrift);

    /**
     * Returns why this plane cannot route a service in such a state, and the way out. Returns empty if the plane can.
     * The question comes before a change is persisted, so that the change can be refused with nothing changed.
     */
    Optional<String> objection(Service next);
}
