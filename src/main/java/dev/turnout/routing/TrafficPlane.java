package dev.turnout.routing;

import java.util.Collection;
import java.util.List;
import java.util.Map;
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
     * Ends what is in flight at these targets of a service, at once.
     *
     * @return completes when nothing is in flight there any more, with the requests that were cut
     */
    CompletionStage<List<CutRequest>> cut(String service, Collection<Target> targets);

    /** What has gone through each target of a service since the start; a target without traffic may be missing. */
    Map<Target, TargetTraffic> traffic(String service);
}
