package dev.turnout.proxy.http1;

import org.jspecify.annotations.Nullable;

/**
 * The session of one request of a service that keeps clients at their targets. Any thread.
 *
 * @param cookie the service's
 * @param number the session's own, at random
 * @param tag of the target that the session is kept at; without meaning if it is not kept
 * @param isKept whether the client has shown a cookie of Turnout's
 * @param isSecure whether the client came over TLS
 */
public record StickySession(StickyCookie cookie, long number, long tag, boolean isKept, boolean isSecure) {

    /** Returns true if this session is kept at the target with a tag. */
    public boolean isKeptAt(long target) {
        return isKept && tag == target;
    }

    /** Returns a number by which the targets are compared that this session may move to: all its requests agree. */
    public long rank(long target) {
        return cookie.rank(number, target);
    }

    /**
     * Returns the line of a response that keeps the session at the target that has answered; null if it needs none.
     *
     * @param target the tag of the target
     */
    public byte @Nullable [] line(long target, ResponseHead head) {
        boolean isToldAnew = isKept ? tag != target : cookie.begins(head);
        return isToldAnew ? cookie.line(number, target, isSecure) : null;
    }
}
