package dev.turnout.admin;

/** A call that can't be understood; the message names the part and what is allowed there. */
final class BadRequest extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BadRequest(String message) {
        super(message);
    }
}
