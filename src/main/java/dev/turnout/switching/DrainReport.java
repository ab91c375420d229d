package dev.turnout.switching;

import dev.turnout.routing.CutRequests;
import dev.turnout.routing.Retired;
import java.util.Optional;

/**
 * The report of a drain: what became of the requests that were in flight.
 *
 * @param drained whether all requests are known to have ended, and no request was cut
 * @param waitedMillis how long the drain took. Milliseconds.
 * @param completed requests that ended before the timeout and were not cut, WebSockets aside
 * @param cut requests that were cut: at the timeout, or earlier if nothing else could end them
 * @param webSocketsClosed WebSockets that ended before the timeout
 * @param streamsEnded how many of the completed requests were streams without an end, which Turnout ended
 * @param sessions about how many sessions were kept at the targets, and were let go on
 * @param sessionMillis how long they were let go on. Milliseconds.
 * @param notKnown why it is not known whether all requests have ended; empty if it is known
 */
public record DrainReport(
        boolean drained,
        long waitedMillis,
        long completed,
        CutRequests cut,
        long webSocketsClosed,
        long streamsEnded,
        long sessions,
        long sessionMillis,
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
                sessions,
                sessionMillis,
                notKnown);
    }

    /** Returns this report with the sessions that were let go on first. */
    DrainReport with(Drain.Sessions kept) {
        return new DrainReport(
                drained,
                waitedMillis + kept.waitedMillis(),
                completed,
                cut,
                webSocketsClosed,
                streamsEnded,
                kept.most(),
                kept.waitedMillis(),
                notKnown);
    }

    /** Returns this report without the claim that all is drained. */
    DrainReport doubted(String reason) {
        return new DrainReport(
                false,
                waitedMillis,
                completed,
                cut,
                webSocketsClosed,
                streamsEnded,
                sessions,
                sessionMillis,
                Optional.of(reason));
    }

    /** Returns a warning for an operator who is about to stop the process, if requests may still be in flight. */
    Optional<String> doubt(String place) {
        return notKnown.map(reason -> "It is not known whether " + place + " is drained: " + reason
                + ". Requests may still be there; give them time before its process stops.");
    }
}
