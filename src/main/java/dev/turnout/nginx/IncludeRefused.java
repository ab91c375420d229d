package dev.turnout.nginx;

/** The include file does not say what Turnout could go on from; the message says why, and what to do about it. */
public final class IncludeRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    IncludeRefused(String message) {
        super(message);
    }

    IncludeRefused(String message, Throwable cause) {
        super(message, cause);
    }
}
