package dev.turnout.routing;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What became of the look-up of a name whose addresses are the targets. */
public sealed interface NameAnswer {

    /**
     * The targets are known.
     *
     * @param targets at least one, in an order that does not change
     * @param ttl for how long they hold
     * @param unknown a clause that says why nobody knows whether there are IPv6 addresses; empty if that is known
     */
    record Found(List<Target> targets, Duration ttl, Optional<String> unknown) implements NameAnswer {
        public Found {
            targets = List.copyOf(targets);
        }
    }

    /**
     * They are not known now.
     *
     * @param reason a clause that says why
     */
    record Failed(String reason) implements NameAnswer {}
}
