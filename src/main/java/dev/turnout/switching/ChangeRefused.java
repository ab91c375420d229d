package dev.turnout.switching;

import dev.turnout.health.GateReport;
import dev.turnout.routing.VisibleText;
import java.util.Objects;
import java.util.Optional;

/**
 * A change was not made: the traffic goes where it went before. The message tells the operator what happened, what
 * state things are in, and what to do.
 */
public final class ChangeRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why a change is not made. */
    public enum Reason {
        /** No service has the name asked for. */
        NO_SERVICE,
        /** Another change of the same service has not ended. */
        BUSY,
        /** The revision is not the one that the caller expects. */
        PRECONDITION_FAILED,
        /** No switch has happened that could be taken back. */
        NOTHING_TO_ROLL_BACK,
        /** There is no canary that could be promoted. */
        NO_CANARY,
        /** The target is the last one in rotation. */
        LAST_TARGET,
        /** The target is none of the active slot's. */
        NO_TARGET,
        /** The service is paused, and the change needs traffic. */
        PAUSED,
        /** The command makes no sense in any state. */
        INVALID,
        /** What carries the traffic can't do this. */
        UNSUPPORTED,
        /** Somebody else has changed where the traffic goes. */
        DRIFT,
        /** The gate did not pass. */
        UNHEALTHY,
        /** The warm-up failed, and it is required. */
        NOT_WARM,
        /** The new state could not be saved. */
        STATE_NOT_SAVED,
        /** The new state was saved, but what carries the traffic did not take it. */
        NOT_PUBLISHED,
        /** Turnout has begun to serve and takes no changes yet. */
        STARTING,
        /** Turnout is being stopped, or hands its place over. */
        STOPPING
    }

    private final Reason reason;
    private final transient GateReport gate;

    public ChangeRefused(Reason reason, String message) {
        this(reason, message, null, null);
    }

    ChangeRefused(Reason reason, String message, Throwable cause) {
        this(reason, message, null, cause);
    }

    private ChangeRefused(Reason reason, String message, GateReport gate, Throwable cause) {
        super(VisibleText.of(message, VisibleText.LONG), cause);
        this.reason = Objects.requireNonNull(reason, "reason");
        this.gate = gate;
    }

    static ChangeRefused unhealthy(String message, GateReport gate) {
        return new ChangeRefused(Reason.UNHEALTHY, message, gate, null);
    }

    public Reason reason() {
        return reason;
    }

    /** What the gate saw, where it is the gate that refused. */
    public Optional<GateReport> gate() {
        return Optional.ofNullable(gate);
    }
}
