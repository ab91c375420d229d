package dev.turnout.proxy.exchange;

import java.io.IOException;

/** The failure to get a connection to a target for which as many requests wait as may. */
public final class QueueFull extends IOException {

    private static final long serialVersionUID = 1L;

    public QueueFull() {
        super("As many requests wait as turnout.upstream.queue");
    }
}
