package dev.turnout.proxy.route;

import dev.turnout.proxy.http1.PathPattern;
import dev.turnout.proxy.http1.QueryRedaction;
import dev.turnout.proxy.http1.RequestHead;
import java.util.List;

/**
 * What holds for the requests of one service.
 *
 * @param bodyLimit the largest body of a request, in bytes; 0 for no limit
 * @param patience how long each party of an exchange has
 * @param callPatience how long each party of a gRPC call has
 * @param queueMillis how long a request waits for a connection to a target that has as many as it may. Milliseconds.
 * @param pause how much may wait while the service is paused
 * @param preview which requests may choose a slot
 * @param showsSlot whether responses tell the slot that they come from
 * @param endlessPaths the paths whose requests have no end of their own
 * @param redaction of the URLs in spans
 */
public record RequestSettings(
        long bodyLimit,
        Patience patience,
        Patience callPatience,
        long queueMillis,
        PauseLimits pause,
        Preview preview,
        boolean showsSlot,
        List<PathPattern> endlessPaths,
        QueryRedaction redaction) {

    public RequestSettings {
        endlessPaths = List.copyOf(endlessPaths);
    }

    /** Returns true if a request has no end of its own, as far as its path tells. */
    public boolean isEndless(RequestHead request) {
        for (int i = 0; i < endlessPaths.size(); i++) {
            if (request.pathMatches(endlessPaths.get(i))) {
                return true;
            }
        }
        return false;
    }
}
