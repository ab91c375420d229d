package dev.turnout.proxy.exchange;

import dev.turnout.proxy.http1.PathPattern;
import dev.turnout.proxy.http1.RequestHead;
import java.util.List;

/**
 * What holds for exchanges.
 *
 * @param requestLimit the most requests in flight at a time
 * @param bodyLimit the largest body of a request, in bytes; 0 for no limit
 * @param responseHeadMillis how long a target may take to begin its response. Milliseconds.
 * @param targetBodyMillis how long a body may stand still at a target. Milliseconds.
 * @param clientBodyMillis how long a body may stand still at a client. Milliseconds.
 * @param queueMillis how long a request waits for a connection to a target that has as many as it may. Milliseconds.
 * @param pause how much may wait while a service is paused
 * @param showsSlot whether responses tell the slot that they come from
 * @param endlessPaths the paths whose requests have no end of their own
 */
public record ExchangeSettings(
        int requestLimit,
        long bodyLimit,
        long responseHeadMillis,
        long targetBodyMillis,
        long clientBodyMillis,
        long queueMillis,
        PauseLimits pause,
        boolean showsSlot,
        List<PathPattern> endlessPaths) {

    public ExchangeSettings {
        endlessPaths = List.copyOf(endlessPaths);
    }

    /** Returns true if a request has no end of its own, as far as its path tells. */
    boolean isEndless(RequestHead request) {
        for (int i = 0; i < endlessPaths.size(); i++) {
            if (request.pathMatches(endlessPaths.get(i))) {
                return true;
            }
        }
        return false;
    }
}
