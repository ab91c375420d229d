package dev.turnout.fleet.etcd;

import org.jspecify.annotations.Nullable;

/** The failure of a call of etcd. The message is half a sentence for operators. */
public final class EtcdFailed extends Exception {

    private static final long serialVersionUID = 1L;

    /** What the caller may conclude. */
    public enum Kind {
        /** No endpoint has taken the call: nothing has happened. */
        UNREACHABLE,
        /** The call was sent and not answered: a write may have happened, or may happen yet. */
        UNKNOWN,
        /** etcd has refused the user or the password, or the user may not do this: nothing has happened. */
        NOT_ALLOWED,
        /** etcd has refused the call for another reason: nothing has happened. */
        REFUSED
    }

    private final Kind kind;

    EtcdFailed(Kind kind, String message) {
        this(kind, message, null);
    }

    EtcdFailed(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** Returns true if a write of this call may have happened. */
    public boolean isUncertain() {
        return kind == Kind.UNKNOWN;
    }
}
