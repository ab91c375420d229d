package dev.turnout.routing;

import java.util.Collection;

/** The requests that targets have not ended yet. Any thread. */
@FunctionalInterface
public interface RequestsInFlight {

    /** Returns how much is in flight at these targets of a service now. Does not block. */
    InFlight inFlight(String service, Collection<Target> targets);
}
