package dev.turnout.routing;

import java.time.Instant;
import java.util.Objects;

/**
 * A time in which a service answers 503 to all clients but those that are allowed.
 *
 * @param terms what clients get
 * @param since when it began
 */
public record Maintenance(MaintenanceTerms terms, Instant since) {

    public Maintenance {
        Objects.requireNonNull(terms, "terms");
        Objects.requireNonNull(since, "since");
    }
}
