package dev.turnout.proxy.exchange;

import java.util.HashMap;
import java.util.Map;

/**
 * The count of the requests that one event loop has failed, by service and cause: those answered by Turnout itself with
 * 502, 503 or 504, and those whose response ended before its time. Nothing is done for a request that succeeds. Event loop
 * only.
 */
public final class FailedRequests {

    /** Stands for the service of a request that was refused before its service was known. */
    static final String NO_SERVICE = "";

    private static final int FIRST_FAILURE = 502;

    private Map<String, Map<String, Long>> counts = new HashMap<>();

    /**
     * Counts a request that has ended with this answer, or would have. A poll that asks again has not failed, and
     * what is answered because of a maintenance has not failed either.
     *
     * @return true if the request has failed
     */
    boolean count(String service, LocalReply reply) {
        boolean isFailure = reply.status() >= FIRST_FAILURE
                && reply != LocalReplies.POLL_ENDED
                && !reply.cause().equals(LocalReplies.MAINTENANCE);
        if (isFailure) {
            counts.computeIfAbsent(service, none -> new HashMap<>()).merge(reply.cause(), 1L, Long::sum);
        }
        return isFailure;
    }

    /** Returns the counts since the last call, by service and then by cause. */
    public Map<String, Map<String, Long>> take() {
        Map<String, Map<String, Long>> taken = counts;
        counts = taken.isEmpty() ? taken : new HashMap<>();
        return taken.isEmpty() ? Map.of() : taken;
    }
}
