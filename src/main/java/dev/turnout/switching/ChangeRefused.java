package dev.turnout.switching;

import dev.turnout.health.GateReport;
import dev.turnout.routing.VisibleText;
import io.vertx.core.json.JsonObject;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * The refusal of a change: the traffic goes where it went before. The message tells the operator what happened, which
 * state is in force, and what to do.
 */
public final class ChangeRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The reason why a change is not made. */
    public enum Reason {
        /** No service has the name asked for. */
        NO_SERVICE,
        /** Another change of the same service has not ended. */
        BUSY,
        /** The service is at another revision than the caller expects. */
        PRECONDITION_FAILED,
        /** There is no switch that a rollback could take back. */
        NOTHING_TO_ROLL_BACK,
        /** There is no canary that could be promoted. */
        NO_CANARY,
        /** The target is the last one in rotation. */
        LAST_TARGET,
        /** The slot has no such target, or none at all. */
        NO_TARGET,
        /** The other slot has the target. */
        IN_OTHER_SLOT,
        /** The slot would have more targets than there may be. */
        TOO_MANY_TARGETS,
        /** The targets of the slot are what names stand for. */
        FOLLOWS_NAMES,
        /** The service is paused, and the change needs traffic. */
        PAUSED,
        /** The command makes no sense in any state. */
        INVALID,
        /** What carries the traffic cannot do this. */
        UNSUPPORTED,
        /** Somebody else has changed where the traffic goes. */
        DRIFT,
        /** The gate did not pass. */
        UNHEALTHY,
        /** The rehearsal has not shown that the idle slot is as good as the active one. */
        REHEARSAL,
        /** The warm-up failed, and it is required. */
        NOT_WARM,
        /** The new state could not be saved. */
        STATE_NOT_SAVED,
        /** The new state was saved, but what carries the traffic did not take the state. */
        NOT_PUBLISHED,
        /** Somebody has cancelled the change before its commit. */
        CANCELLED,
        /** The change cannot be cancelled: its commit has begun. */
        TOO_LATE,
        /** No change runs that could be cancelled. */
        NOTHING_TO_CANCEL,
        /** The configuration can't be brought into force. */
        BAD_CONFIGURATION,
        /** The service stands in the configuration, and not among those that were given at run time. */
        CONFIGURED_SERVICE,
        /** Requests are in flight at the service, or wait. */
        IN_USE,
        /** The store of the fleet can't be reached, is not understood, or is not believed. */
        FLEET_UNREACHABLE,
        /** It is not known whether the fleet has decided the change. */
        FLEET_NOT_KNOWN,
        /** There is such a fleet already, or this Turnout is in one, or the member is here. */
        FLEET_EXISTS,
        /** There is no such fleet, or this Turnout is in none. */
        NO_FLEET,
        /** This Turnout routes otherwise than the fleet. */
        FLEET_DIFFERS,
        /** The store of the fleet is believed, so there is nothing to recover. */
        FLEET_IN_ORDER,
        /** The fleet has no such member, or no other one. */
        NO_MEMBER,
        /** Enrolled members are not here. */
        MEMBER_MISSING,
        /** A member has refused the change. */
        MEMBER_REFUSED,
        /** A member has not voted in time. */
        MEMBER_SLOW,
        /** Another member has changed the service meanwhile. */
        OVERTAKEN,
        /** The fleet has made the change that the caller asks for once more. */
        ALREADY_MADE,
        /** The fleet knows no such change. */
        NO_CHANGE,
        /** Turnout has begun to serve and takes no changes yet. */
        STARTING,
        /** Turnout is being stopped, or hands over to a successor. */
        STOPPING
    }

    private final Reason reason;
    private final String message;
    private final transient @Nullable GateReport gate;
    private final transient JsonObject facts = new JsonObject();

    public ChangeRefused(Reason reason, String message) {
        this(reason, message, null, null);
    }

    ChangeRefused(Reason reason, String message, @Nullable Throwable cause) {
        this(reason, message, null, cause);
    }

    private ChangeRefused(Reason reason, String message, @Nullable GateReport gate, @Nullable Throwable cause) {
        super(message, cause);
        this.message = VisibleText.of(message, VisibleText.LONG);
        this.reason = Objects.requireNonNull(reason, "reason");
        this.gate = gate;
    }

    static ChangeRefused unhealthy(String message, GateReport gate) {
        return new ChangeRefused(Reason.UNHEALTHY, message, gate, null);
    }

    static ChangeRefused cancelled(String message, Optional<GateReport> gate) {
        return new ChangeRefused(Reason.CANCELLED, message, gate.orElse(null), null);
    }

    /** Returns why a change has failed, without what a stage puts around the reason. */
    static Throwable reasonOf(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** Returns true if another change is why one has failed: it may be asked for again soon. */
    static boolean isBusy(Throwable failure) {
        return reasonOf(failure) instanceof ChangeRefused refused && refused.reason() == Reason.BUSY;
    }

    /** Adds what programs should know of the refusal. */
    ChangeRefused with(String member, Object value) {
        facts.put(member, value);
        return this;
    }

    /** Returns what programs should know of the refusal: members of the problem. */
    public JsonObject facts() {
        return facts.copy();
    }

    /** Returns what happened, which state is in force, and what to do. */
    @Override
    public String getMessage() {
        return message;
    }

    public Reason reason() {
        return reason;
    }

    /** Returns what the gate saw, as far as the gate was asked. */
    public Optional<GateReport> gate() {
        return Optional.ofNullable(gate);
    }
}
