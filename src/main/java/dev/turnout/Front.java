package dev.turnout;

import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Target;
import dev.turnout.routing.TrafficCapabilities;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What carries the traffic, from its start to its stop. */
interface Front {

    /** Returns what can be done with the traffic here. */
    TrafficCapabilities traffic();

    /**
     * Takes over what carries traffic already, before anything is started or saved; blocks.
     *
     * @param recorded the state as it was saved, if it was
     * @param configured that state with the targets that are configured now, or the state of a first start
     * @return the state to go on from
     * @throws StartRefused if what is found can't be gone on from
     */
    RoutingState takeOver(Optional<RoutingState> recorded, RoutingState configured);

    /**
     * Begins to carry traffic; blocks until it does.
     *
     * @throws StartRefused if it can't
     */
    void start(RoutingState state);

    /** Journals what the take-over has found, once this process serves; blocks. */
    default void journalTakeOver() {}

    /** Where clients connect to, as the ready line says it. */
    String address();

    /** Whether clients can connect. */
    boolean isServing();

    /**
     * Serves {@code /admin} on the front port too.
     *
     * @param admin where the admin server is reached from here
     * @param secret by which the admin server knows the front
     * @param most how many such requests may be in flight
     */
    void serveAdminOnFront(Target admin, String secret, int most);

    /** Its numbers for Prometheus, besides those of the targets. */
    default MeterBinder metrics() {
        return registry -> {};
    }

    /**
     * Takes no new requests and lets those in flight end.
     *
     * @return completes when nothing is in flight any more, after the timeout at the latest
     */
    CompletionStage<Void> stop(Duration timeout);
}
