package dev.turnout.proxy.connection;

import dev.turnout.proxy.loop.LoopContext;
import dev.turnout.proxy.loop.ScanScratch;
import dev.turnout.tls.TargetWays;

/**
 * What the connections of one event loop to targets share. Event loop only.
 *
 * @param ways how targets are spoken to
 * @param http2Counters counts what happens over HTTP/2, on all event loops
 * @param neighbours the other event loops
 */
public record TargetContext(
        LoopContext loop,
        ScanScratch scratch,
        TargetWays ways,
        Http2TargetCounters http2Counters,
        Neighbours neighbours) {}
