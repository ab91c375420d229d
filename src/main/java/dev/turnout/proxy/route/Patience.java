package dev.turnout.proxy.route;

import java.util.concurrent.TimeUnit;

/**
 * How long each party of an exchange has. Milliseconds.
 *
 * @param head for a target to begin its response
 * @param targetBody for a target to move a body
 * @param clientBody for a client to move a body
 */
public record Patience(long head, long targetBody, long clientBody) {

    /** A call of gRPC has a time-out of its client. Its messages may come at any time. */
    private static final long CALL_MILLIS = TimeUnit.DAYS.toMillis(1);

    /** Returns how long each party of a gRPC call has. */
    public Patience ofCalls() {
        return new Patience(head, CALL_MILLIS, CALL_MILLIS);
    }

    /** Returns the same with another time for the head of a response. */
    public Patience withHead(long millis) {
        return new Patience(millis, targetBody, clientBody);
    }
}
