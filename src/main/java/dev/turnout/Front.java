package dev.turnout;

import dev.turnout.routing.RoutingState;
import dev.turnout.routing.TrafficPlane;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** What carries the traffic, from its start to its stop. */
interface Front {

    /** What the switcher publishes to. */
    TrafficPlane plane();

    /**
     * Begins to carry traffic; blocks until it does.
     *
     * @throws StartRefused if it can't
     */
    void start(RoutingState state);

    /** Where clients connect to, as the ready line says it. */
    String address();

    /** Whether clients can connect. */
    boolean isServing();

    /**
     * Takes no new requests and lets those in flight end.
     *
     * @return completes when nothing is in flight any more, after the timeout at the latest
     */
    CompletionStage<Void> stop(Duration timeout);
}
