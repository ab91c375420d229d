package dev.turnout.switching;

import dev.turnout.routing.CutRequests;
import java.util.Optional;

/**
 * What became of the requests that were in flight.
 *
 * @param drained whether all of them are known to have ended by themselves
 * @param waitedMillis how long that took, or how long it was waited for
 * @param completed requests that ended by themselves
 * @param cut those that were ended at the timeout
 * @param webSocketsClosed tunnels that ended before the timeout
 * @param notKnown why it is not known whether all have ended; empty if it is
 */
public record DrainReport(
        boolean drained,
        long waitedMillis,
        long completed,
        CutRequests cut,
        long webSocketsClosed,
        Optional<String> notKnown) {

    public DrainReport {
        if (drained && (!cut.isEmpty() || notKnown.isPresent())) {
            throw new IllegalArgumentException("drained is said only of what is known to have ended by itself");
        }
    }

    /** The sentence for an operator who is about to stop a process there, if it may still have something to do. */
    Optional<String> doubt(String place) {
        return notKnown.map(reason -> "It is not known whether " + place + " is drained: " + reason
                + ". Requests may still be there; give them time before its process stops.");
    }
}
