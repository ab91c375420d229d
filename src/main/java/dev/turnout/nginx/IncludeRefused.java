package dev.turnout.nginx;

import dev.turnout.routing.VisibleText;

/** The include file does not say what Turnout could go on from; the message says why, and what to do about it. */
public final class IncludeRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    IncludeRefused(String message) {
        super(VisibleText.of(message, VisibleText.LONG));
    }

    IncludeRefused(String message, Throwable cause) {
        super(VisibleText.of(message, VisibleText.LONG), cause);
    }
}
