package dev.turnout.client;

import dev.turnout.routing.VisibleText;
import java.io.IOException;

/** Bytes that are no HTTP response, or a response beyond the bounds. */
final class NotHttp extends IOException {

    private static final long serialVersionUID = 1L;

    private static final int MOST = 80;

    /** Makes the exception. The message becomes visible text. */
    NotHttp(String seen) {
        super(VisibleText.of(seen, MOST));
    }

    /** Returns what was seen. */
    String seen() {
        return String.valueOf(getMessage());
    }
}
