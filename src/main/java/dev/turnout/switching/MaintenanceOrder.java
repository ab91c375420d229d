package dev.turnout.switching;

import dev.turnout.routing.MaintenanceTerms;
import java.util.Objects;
import java.util.Optional;

/**
 * The order to begin a maintenance of a service, to change its terms, or to end it.
 *
 * @param service the name of the service
 * @param terms what clients get; empty to end the maintenance
 * @param expectation the revision that the change may start from
 * @param note who asks, and what the caller says about it
 */
public record MaintenanceOrder(
        String service, Optional<MaintenanceTerms> terms, ExpectedRevision expectation, ChangeNote note)
        implements ChangeOrder {

    public MaintenanceOrder {
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(terms, "terms");
        Objects.requireNonNull(expectation, "expectation");
        Objects.requireNonNull(note, "note");
    }
}
