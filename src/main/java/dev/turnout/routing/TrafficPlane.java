package dev.turnout.routing;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What carries the traffic: Turnout's own data plane, or nginx. The switcher knows nothing else of either.
 *
 * <p>All methods may be called on any thread and none of them blocks.
 */
public interface TrafficPlane {

    /**
     * Makes a state the one that new requests are routed by.
     *
     * @return completes when no request can be claimed under an earlier state any more; completes exceptionally with
     *     {@link PublishFailed} if the traffic goes on under the earlier state
     */
    CompletionStage<Void> publish(RoutingState state);

    /** What is in flight at these targets of a service now. */
    InFlight inFlight(String service, Collection<Target> targets);

    /**
     * Ends what has no end of its own at these targets of a service (WebSockets, event streams, polls), spread over a
     * time so that its clients do not all come back at once. No state in force sends anything new to these targets when
     * this is called. Requests that ask for their slot are refused from now on, until {@link #proved}, until a probe has
     * failed and a later one was good, or until a state sends requests there again.
     *
     * @return tells at any time what has been ended so far
     */
    default Retired retire(String service, Collection<Target> targets, Duration over) {
        return Retired.NOTHING;
    }

    /**
     * Ends what is in flight at these targets of a service, at once.
     *
     * @return completes when nothing is in flight there any more, with the requests that were cut
     */
    CompletionStage<CutRequests> cut(String service, Collection<Target> targets);

    /** What has gone through each target of a service since the start; a target without traffic may be missing. */
    Map<Target, TargetTraffic> traffic(String service);

    /** Whether {@link #traffic} tells anything. */
    default boolean countsTraffic() {
        return true;
    }

    /**
     * Tells that targets have passed a gate: what runs there now may be looked at, though a drain had closed them to
     * requests that ask for their slot.
     */
    default void proved(String service, Collection<Target> targets) {}

    /**
     * Tells what a probe of a target has found. A plane that chooses among targets prefers those that work; what is in
     * rotation is not changed by it.
     *
     * @param good whether this probe was answered well
     * @param isDown whether the probes so far say that the target is down
     */
    default void probed(String service, Target target, boolean good, boolean isDown) {}

    /**
     * The targets in rotation that get no new requests now, because connections to them fail or probes find them down
     * while another target in rotation works. Never all of them.
     */
    default Set<Target> suspended(String service) {
        return Set.of();
    }

    /**
     * Opens connections to targets that are about to get traffic, so that the first requests do not wait for them.
     * What is opened and not used is closed again after a while.
     *
     * @return completes with how many have been opened; never exceptionally
     */
    default CompletionStage<Integer> connectAhead(String service, Collection<Target> targets) {
        return CompletableFuture.completedStage(0);
    }

    /** How many requests of a service wait now because it is paused, or was a moment ago. */
    default long held(String service) {
        return 0;
    }

    /**
     * Why this plane cannot route a service in such a state, and the way out; empty if it can. Asked before a change
     * is persisted, so that it can be refused with nothing changed.
     */
    default Optional<String> objection(Service next) {
        return Optional.empty();
    }

    /**
     * Why the traffic may not go where the last published state says, and what to do: somebody else has changed what
     * it is routed by, say. Empty if nothing of the kind is known. While it is there, a change is made only if forced,
     * and an active slot may not be the one that serves.
     */
    default Optional<String> drift() {
        return Optional.empty();
    }

    /** Lets the next publish overwrite what {@link #drift()} tells of now; a publish fails on it otherwise. */
    default void overrule() {}

    /**
     * What an operator should know about how a service is routed now, a sentence each: shown in the status, and in the
     * receipt of the change that was published last.
     */
    default List<String> warnings(String service) {
        return List.of();
    }
}
