package dev.turnout.proxy.connection;

import dev.turnout.proxy.exchange.TargetSettings;
import dev.turnout.proxy.loop.InForce;
import dev.turnout.proxy.loop.LoopContext;
import dev.turnout.proxy.loop.ScanScratch;
import dev.turnout.tls.TargetWays;

/**
 * What the connections of one event loop to targets share. Event loop only.
 *
 * @param inForce the settings
 * @param ways how targets are spoken to
 * @param http2Counters counts what happens over HTTP/2, on all event loops
 * @param neighbours the other event loops
 */
public record TargetContext(
        LoopContext loop,
        ScanScratch scratch,
        InForce<TargetSettings> inForce,
        TargetWays ways,
        Http2TargetCounters http2Counters,
        Neighbours neighbours) {

    /** Returns the settings in force. */
    TargetSettings settings() {
        return inForce.get();
    }
}
