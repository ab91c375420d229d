package dev.turnout.proxy.connection;

import dev.turnout.proxy.exchange.TargetSettings;
import dev.turnout.proxy.loop.InForce;
import dev.turnout.proxy.loop.LoopContext;
import dev.turnout.proxy.loop.ScanScratch;
import dev.turnout.proxy.route.TargetState;
import dev.turnout.tls.HandshakeTasks;
import dev.turnout.tls.TargetTlsTable;
import java.util.function.Consumer;

/**
 * What the connections of one event loop to targets share. Event loop only.
 *
 * @param inForce the settings
 * @param tls what targets are spoken to with
 * @param handshakes the threads for handshakes with targets
 * @param http2Counters counts what happens over HTTP/2, on all event loops
 * @param closeIdle closes the idle connections of all event loops to a target
 */
public record TargetContext(
        LoopContext loop,
        ScanScratch scratch,
        InForce<TargetSettings> inForce,
        TargetTlsTable tls,
        HandshakeTasks handshakes,
        Http2TargetCounters http2Counters,
        Consumer<TargetState> closeIdle) {

    /** Returns the settings in force. */
    TargetSettings settings() {
        return inForce.get();
    }
}
