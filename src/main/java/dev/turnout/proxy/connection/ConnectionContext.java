package dev.turnout.proxy.connection;

import dev.turnout.proxy.exchange.Admission;
import dev.turnout.proxy.loop.HeadBudget;
import dev.turnout.proxy.loop.InForce;
import dev.turnout.proxy.loop.LoopContext;
import dev.turnout.proxy.loop.ScanScratch;

/**
 * What the client connections of one event loop share. Event loop only.
 *
 * @param inForce the settings
 * @param clients the client connections that are open
 * @param heads the memory for heads
 * @param admission takes the requests
 * @param http2 reads and writes HTTP/2
 * @param http2Counters counts what happens over HTTP/2, on all event loops
 */
public record ConnectionContext(
        LoopContext loop,
        ScanScratch scratch,
        InForce<ConnectionSettings> inForce,
        ClientConnections clients,
        HeadBudget<OpenConnection> heads,
        Admission admission,
        Http2Scratch http2,
        Http2Counters http2Counters) {

    /** How long a request may still be on the wire, once Turnout is to stop. Milliseconds. */
    public static final long STOP_GRACE_MILLIS = 1000;

    /** Returns the settings in force. */
    public ConnectionSettings settings() {
        return inForce.get();
    }

    /** Returns how long a connection may be without a request. Milliseconds. */
    long requestlessMillis() {
        return loop.isStopping() ? STOP_GRACE_MILLIS : settings().idleMillis();
    }
}
