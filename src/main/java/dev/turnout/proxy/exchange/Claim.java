package dev.turnout.proxy.exchange;

import dev.turnout.proxy.route.TargetState;

/**
 * The hold of one exchange on a target. The target counts the exchange as in flight from the claim until the claim is
 * settled, which happens once. A claim beside a drain is not counted so: the drain does not wait for it. Event loop only.
 */
final class Claim {

    private static final long NEVER_AWAITED = -1;

    private final TargetState target;
    private final int loop;
    private final boolean besideDrain;
    private boolean uploading;
    private boolean settled;

    /**
     * @param target which the exchange has entered, unless it is beside a drain
     * @param loop the index of the event loop
     * @param isRequestWhole whether all of the request has come
     * @param besideDrain whether the drain of the target does not wait for the exchange
     */
    Claim(TargetState target, int loop, boolean isRequestWhole, boolean besideDrain) {
        this.target = target;
        this.loop = loop;
        this.besideDrain = besideDrain;
        this.uploading = !isRequestWhole;
        if (uploading) {
            target.counters().uploadBegun();
        }
    }

    TargetState target() {
        return target;
    }

    /** Returns true if the drain of the target does not wait for the exchange. */
    boolean isBesideDrain() {
        return besideDrain;
    }

    /** Notes that the target is owed nothing more of the request. */
    void uploadEnded() {
        if (uploading) {
            uploading = false;
            target.counters().uploadEnded();
        }
    }

    /** Counts the head of the final response. */
    void countResponse(ExchangeRecord record) {
        target.counters().countResponse(loop, record.status(), record.targetNanos());
        uploadEnded();
    }

    /**
     * Gives the claim back, and counts it for what it was.
     *
     * @param how how the exchange ends, or how the claim does
     * @param turn who had to move next
     * @param isClientStalled whether the client has held up the message at hand, see {@link Turn#isStall}
     */
    void settle(ExchangeEnd how, Turn turn, boolean isClientStalled, ExchangeRecord record) {
        if (settled) {
            return;
        }
        settled = true;
        if (Fault.of(how, turn, isClientStalled) == Fault.TARGET) {
            target.counters().countFailure();
        }
        boolean hasAnswered = record.hasResponse();
        long waited = record.waitedNanos();
        if (how == ExchangeEnd.CLIENT_GONE && !hasAnswered && waited != NEVER_AWAITED) {
            target.counters().countAbandoned(loop, waited);
        }
        uploadEnded();
        ClaimOutcome.of(how, turn, isClientStalled, record.targetStatus()).countAt(target.counters(), hasAnswered);
        if (!besideDrain) {
            target.leave(loop);
        }
    }
}
