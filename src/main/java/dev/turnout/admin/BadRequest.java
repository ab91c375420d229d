package dev.turnout.admin;

/** The failure of a call that cannot be understood. The message names the part and what is allowed there. */
final class BadRequest extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BadRequest(String message) {
        super(message);
    }
}
