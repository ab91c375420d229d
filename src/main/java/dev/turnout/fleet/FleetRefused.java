package dev.turnout.fleet;

import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The refusal of something that was asked of the fleet. The message is one sentence or more: what happened, what to do. */
public final class FleetRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why it is refused. */
    public enum Reason {
        /** The store can't be reached, is not understood, or is not believed. */
        UNREACHABLE,
        /** There is a fleet of this name already, or this Turnout is in one. */
        EXISTS,
        /** There is no such fleet, or this Turnout is in none. */
        NO_FLEET,
        /** This Turnout routes otherwise than the fleet. */
        DIFFERS,
        /** Nobody of this name is in the fleet. */
        NO_MEMBER,
        /** Enrolled members are not here. */
        MEMBER_MISSING,
        /** A member has said no. */
        MEMBER_AGAINST,
        /** A member has not voted in time. */
        MEMBER_SLOW,
        /** Another member changes the service. */
        BUSY,
        /** The service was changed meanwhile. */
        OVERTAKEN,
        /** There are more services than one decision has room for. */
        TOO_MANY,
        /** The store is believed, so there is nothing to recover. */
        IN_ORDER,
        /** The change was made already. */
        MADE,
        /** The store knows no such change. */
        NO_CHANGE,
        /** It is not known whether the change was made. */
        NOT_KNOWN
    }

    private final Reason reason;
    private final transient Set<String> members;

    FleetRefused(Reason reason, String message) {
        this(reason, message, Set.of(), null);
    }

    FleetRefused(Reason reason, String message, Set<String> members, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.members = new TreeSet<>(members);
    }

    public Reason reason() {
        return reason;
    }

    /** Returns the members that it is about. */
    public Set<String> members() {
        return members;
    }
}
