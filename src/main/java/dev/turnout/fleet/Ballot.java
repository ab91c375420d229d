package dev.turnout.fleet;

import io.vertx.core.json.JsonObject;
import java.util.concurrent.TimeUnit;

/** What this member has done for the vote on one change, for the receipt. The fleet's thread only. */
final class Ballot {

    private final String change;
    private final boolean isHolding;
    private final long beganNanos = System.nanoTime();
    private long heldNanos = -1;
    private long kept;
    private boolean hasServedInDoubt;

    /**
     * Begins with the vote, or with the start of a process that is bound by one.
     *
     * @param isHolding whether new requests are kept
     */
    Ballot(String change, boolean isHolding) {
        this.change = change;
        this.isHolding = isHolding;
    }

    boolean isOf(String of) {
        return change.equals(of);
    }

    /** Returns true if requests are kept. */
    boolean isOpen() {
        return isHolding && heldNanos < 0;
    }

    /**
     * Called when the requests that are kept are about to go.
     *
     * @param requests how many there are
     */
    void letGo(long requests) {
        heldNanos = System.nanoTime() - beganNanos;
        kept = requests;
    }

    /** Called when requests are served although nobody knows what was decided. */
    void servedInDoubt() {
        hasServedInDoubt = true;
    }

    /** Returns {@code held, heldMillis, heldRequests, servedInDoubt}. */
    JsonObject json() {
        return new JsonObject()
                .put("held", isHolding)
                .put("heldMillis", heldNanos < 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(heldNanos))
                .put("heldRequests", kept)
                .put("servedInDoubt", hasServedInDoubt);
    }
}
