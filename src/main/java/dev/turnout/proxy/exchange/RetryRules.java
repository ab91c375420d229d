package dev.turnout.proxy.exchange;

/**
 * Whether a request whose attempt has failed may go again, and where to. A pure table:
 *
 * <pre>
 *                 first failure                                     request has gone again   gone elsewhere
 * NOT_CONNECTED   ELSEWHERE, unless the request asks for a slot     ELSEWHERE                GIVE_UP
 * STALE_UNSENT    AGAIN                                             GIVE_UP                  AGAIN
 * REFUSED         AGAIN, if the body can be resent                  GIVE_UP                  as the first
 * STALE           AGAIN, if idempotent and the body can be resent   GIVE_UP                  as the first
 * FINAL           GIVE_UP                                           GIVE_UP                  GIVE_UP
 * </pre>
 *
 * <p>"Again" is over a fresh connection to the same target, "elsewhere" is to another target of the slot. A request
 * goes again once and elsewhere once. A request that may have been processed is only sent twice if its method is
 * idempotent (RFC 9110, section 9.2.2). One that a target has refused has not been (RFC 9113, section 8.7).
 */
final class RetryRules {

    /** How an attempt has failed. */
    enum Failure {
        /** No connection to the target could be opened. */
        NOT_CONNECTED,
        /** A connection that was idle has ended, and the system had not taken a byte of the request. */
        STALE_UNSENT,
        /** The target says that it has not processed the request. */
        REFUSED,
        /** A connection that was idle has ended without a byte of a response. */
        STALE,
        /** The target may have processed the request, or cannot be sent such a request. */
        FINAL
    }

    /** What becomes of the request. */
    enum Next {
        AGAIN,
        ELSEWHERE,
        GIVE_UP
    }

    /**
     * The request, as far as the rules ask.
     *
     * @param isIdempotent whether the method is idempotent
     * @param isResendable whether all that was sent of the request is still there
     * @param isPinned whether the request asks for a slot, so that no other target stands in
     * @param wentAgain whether the request has gone again
     * @param wentElsewhere whether the request has gone to another target
     */
    record Request(
            boolean isIdempotent, boolean isResendable, boolean isPinned, boolean wentAgain, boolean wentElsewhere) {}

    private RetryRules() {}

    /** Returns what becomes of a request after a failure. */
    static Next after(Failure failure, Request request) {
        return switch (failure) {
            case NOT_CONNECTED -> request.wentElsewhere() || request.isPinned() ? Next.GIVE_UP : Next.ELSEWHERE;
            case STALE_UNSENT -> request.wentAgain() ? Next.GIVE_UP : Next.AGAIN;
            case REFUSED -> !request.wentAgain() && request.isResendable() ? Next.AGAIN : Next.GIVE_UP;
            case STALE ->
                !request.wentAgain() && request.isIdempotent() && request.isResendable() ? Next.AGAIN : Next.GIVE_UP;
            case FINAL -> Next.GIVE_UP;
        };
    }
}
