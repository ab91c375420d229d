package dev.turnout.switching;

import dev.turnout.routing.ConfiguredTargets;
import dev.turnout.routing.NextSettings;
import dev.turnout.routing.RoutingState;
import dev.turnout.text.Counted;
import io.vertx.core.json.JsonArray;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * An order to bring a configuration into force.
 *
 * @param services the targets of all services
 * @param subject the one service that the change is about; empty if it is about the whole configuration
 * @param prepare makes the settings of the traffic ready; throws if that fails
 * @param inForce called once services and settings are in force
 * @param keys the keys that differ, for the journal; none if files are only to be read again
 * @param force whether new targets get traffic without a gate, and what somebody else has changed is overwritten
 * @param note who asks, and what the caller says about it
 */
public record ReloadOrder(
        List<ConfiguredTargets> services,
        Optional<Subject> subject,
        Supplier<NextSettings> prepare,
        Runnable inForce,
        JsonArray keys,
        boolean force,
        ChangeNote note) {

    public ReloadOrder {
        services = List.copyOf(services);
    }

    /** Returns true if no key differs: targets stay as they are, and the files that keys name are read again. */
    boolean readsFilesOnly() {
        return keys.isEmpty();
    }

    /** Returns the services that the change needs the locks of, beside those whose targets change. */
    Set<String> locked() {
        return subject.map(one -> Set.of(one.service())).orElseGet(Set::of);
    }

    /**
     * The one service that is added, changed or removed.
     *
     * @param service the name of the service
     * @param expectation the revision that the change may start from
     * @param inUse how many requests keep the service from being removed
     */
    public record Subject(String service, ExpectedRevision expectation, LongSupplier inUse) {

        /**
         * Checks that the service is at an expected revision in a state, then that nothing keeps it.
         *
         * @throws ChangeRefused with {@link ChangeRefused.Reason#PRECONDITION_FAILED} or
         *     {@link ChangeRefused.Reason#IN_USE} if it is not
         */
        public void check(RoutingState now) {
            now.service(service).ifPresentOrElse(expectation::check, () -> expectation.checkAbsent(service));
            long requests = inUse.getAsLong();
            if (requests > 0) {
                throw new ChangeRefused(
                        ChangeRefused.Reason.IN_USE,
                        "Service '" + service + "' has " + Counted.requests(requests)
                                + " in flight or waiting. Nothing was done: try again when they have ended. With"
                                + " force=true its hosts are unknown at once. Requests in flight have"
                                + " the service's drain.timeout to end then, and waiting requests fail.");
            }
        }
    }
}
