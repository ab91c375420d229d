package dev.turnout.support.wire;

import java.io.IOException;

/** What arrived is not HTTP/1.1 as RFC 9112 has it. */
public final class BrokenMessage extends IOException {

    private static final long serialVersionUID = 1;

    BrokenMessage(String reason) {
        super(reason);
    }
}
