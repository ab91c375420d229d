package dev.turnout.proxy.exchange;

import dev.turnout.proxy.route.TargetCounters;

/**
 * What a claim of a target counts for, once it has ended. Every claim is counted exactly once.
 *
 * <p>A watch judges a version by the claims that are {@link #SERVED} or {@link #FAILED}, so an outside client must not
 * be able to make one of these out of what it does itself.
 */
enum ClaimOutcome {
    /** The target has answered below 500, or has kept a client waiting that then left. */
    SERVED,
    /** The target has failed, or has answered 500 or above, or so ended a call of gRPC. */
    FAILED,
    /** The end says nothing of the target. */
    EXCUSED;

    private static final int SERVER_ERROR = 500;

    /**
     * Returns the outcome of a claim.
     *
     * @param status the status that the target is judged by; 0 if no head has been passed on
     * @param clientStalled as for {@link Fault#of}
     */
    static ClaimOutcome of(ExchangeEnd end, Turn turn, boolean clientStalled, int status) {
        Fault fault = Fault.of(end, turn, clientStalled);
        if (fault == Fault.TARGET) {
            return FAILED;
        }
        if (status >= SERVER_ERROR) {
            // Servers answer 5xx to clients that do not send their body in time, too.
            return clientStalled ? EXCUSED : FAILED;
        }
        if (fault == Fault.TURNOUT || end == ExchangeEnd.REDIRECTED) {
            return EXCUSED;
        }
        boolean keptWaiting = end == ExchangeEnd.CLIENT_GONE && !turn.isClients();
        return status > 0 || keptWaiting ? SERVED : EXCUSED;
    }

    /**
     * Counts a claim that has ended.
     *
     * @param answered whether the head of its response was counted
     */
    void countAt(TargetCounters counters, boolean answered) {
        switch (this) {
            case SERVED -> {}
            case FAILED -> counters.countFailed();
            case EXCUSED -> counters.countExcused();
        }
        if (!answered) {
            counters.countUnanswered();
        }
    }
}
