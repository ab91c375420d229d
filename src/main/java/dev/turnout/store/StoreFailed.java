package dev.turnout.store;

/** Something could not be read from or written to the state folder. The message says to an operator what and why. */
public final class StoreFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StoreFailed(String message) {
        super(message);
    }

    StoreFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
