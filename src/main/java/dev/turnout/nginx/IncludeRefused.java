package dev.turnout.nginx;

import dev.turnout.routing.VisibleText;

/** The failure to go on from the include file. The message says why, and what to do. */
public final class IncludeRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    IncludeRefused(String message) {
        super(VisibleText.of(message, VisibleText.LONG));
    }

    IncludeRefused(String message, Throwable cause) {
        super(VisibleText.of(message, VisibleText.LONG), cause);
    }
}
