package dev.turnout.proxy.exchange;

import java.io.IOException;

/** The failure of a connection over HTTP/2 whose target speaks something else. */
public final class NotHttp2 extends IOException {

    private static final long serialVersionUID = 1L;

    public NotHttp2(String message) {
        super(message);
    }
}
