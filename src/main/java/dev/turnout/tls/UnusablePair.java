package dev.turnout.tls;

/** A certificate and its key can't be served. The message is a clause that says why, without a full stop. */
final class UnusablePair extends Exception {

    private static final long serialVersionUID = 1L;

    private final String reason;

    UnusablePair(String reason) {
        super(reason);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
