package dev.turnout.proxy.connection;

import dev.turnout.proxy.http2.Http2Limits;

/**
 * What the HTTP/2 connections of one event loop to targets share. Event loop only.
 *
 * @param targets what all connections to targets share
 * @param scratch for one frame at a time
 * @param limits what one connection may cost
 */
record Http2TargetContext(TargetContext targets, Http2Scratch scratch, Http2Limits limits) {

    /** So much a stream may hold of a response that its client has yet to take, as an HTTP/1 connection may. */
    private static final int STREAM_WINDOW = 256 * 1024;

    private static final int CONNECTION_WINDOW = 4 * 1024 * 1024;

    static Http2TargetContext of(TargetContext targets) {
        int headLimit = targets.scratch().headLimit();
        Http2Limits defaults = Http2Limits.ofHeads(headLimit);
        Http2Limits limits = new Http2Limits(
                defaults.concurrentStreams(),
                STREAM_WINDOW,
                CONNECTION_WINDOW,
                headLimit,
                defaults.tableSize(),
                defaults.continuations(),
                defaults.floodBudget());
        return new Http2TargetContext(targets, new Http2Scratch(headLimit), limits);
    }
}
