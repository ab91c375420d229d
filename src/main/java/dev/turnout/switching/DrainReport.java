package dev.turnout.switching;

import dev.turnout.routing.CutRequests;
import dev.turnout.routing.Retired;
import java.util.Optional;

/**
 * What became of the requests that were in flight.
 *
 * @param drained whether all of them are known to have ended, none of them cut
 * @param waitedMillis how long that took, or how long it was waited for
 * @param completed requests that ended before the timeout and were not cut, WebSockets aside
 * @param cut those that were cut: at the timeout, or at their place in the spread if nothing else could end them
 * @param webSocketsClosed WebSockets that ended before the timeout
 * @param streamsEnded how many of the completed Turnout has ended, since they have no end of their own
 * @param notKnown why it is not known whether all have ended; empty if it is
 */
public record DrainReport(
        boolean drained,
        long waitedMillis,
        long completed,
        CutRequests cut,
        long webSocketsClosed,
        long streamsEnded,
        Optional<String> notKnown) {

    public DrainReport {
        if (drained && (!cut.isEmpty() || notKnown.isPresent())) {
            throw new IllegalArgumentException("drained is said only of what is known to have ended uncut");
        }
    }

    /** Returns this report with what was ended before the timeout. */
    DrainReport with(Retired retired) {
        CutRequests all = retired.cut().plus(cut);
        return new DrainReport(
                drained && all.isEmpty(),
                waitedMillis,
                Math.max(0, completed - retired.cut().count()),
                all,
                webSocketsClosed,
                retired.streamsEnded(),
                notKnown);
    }

    /** The sentence for an operator who is about to stop a process there, if it may still have something to do. */
    Optional<String> doubt(String place) {
        return notKnown.map(reason -> "It is not known whether " + place + " is drained: " + reason
                + ". Requests may still be there; give them time before its process stops.");
    }
}
