package dev.turnout.proxy;

import dev.turnout.proxy.connection.Http2Counters;
import dev.turnout.proxy.connection.Http2TargetCounters;
import dev.turnout.proxy.exchange.ChallengeReplies;
import dev.turnout.proxy.exchange.HttpsRedirect;
import dev.turnout.proxy.exchange.PasswordChecks;
import dev.turnout.proxy.exchange.PauseBudgets;
import dev.turnout.proxy.exchange.RequestCount;
import dev.turnout.proxy.exchange.TraceSink;
import dev.turnout.proxy.folder.FileThreads;
import dev.turnout.proxy.listen.SharedHandshakes;
import dev.turnout.proxy.loop.BufferBudget;
import dev.turnout.proxy.loop.Connector;
import dev.turnout.proxy.loop.Descriptors;
import dev.turnout.proxy.loop.Stopping;
import dev.turnout.proxy.loop.Transport;
import dev.turnout.proxy.route.Rehearsals;
import dev.turnout.proxy.route.RequestCounters;
import dev.turnout.proxy.route.RoutingTable;
import dev.turnout.tls.TargetWays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What all event loops share. Any thread.
 *
 * @param settings the settings of the data plane
 * @param transport the kind of channels
 * @param names looks up the names of targets
 * @param routing what requests are routed by
 * @param stopping whether the data plane is stopping
 * @param buffers the memory for buffers
 * @param descriptors the file descriptors
 * @param requests how many requests are in flight
 * @param clients how many client connections are open
 * @param counters of the requests of each service
 * @param rehearsals which requests are copied to idle slots
 * @param pauses how much waits for services that are paused
 * @param handshakes what TLS handshakes share
 * @param challenges the answers to pending challenges of certificate authorities
 * @param redirects the answers to requests that have to come over TLS
 * @param passwords the checks of passwords
 * @param files the threads that read files
 * @param targetWays how targets are spoken to
 * @param spans takes recorded requests
 * @param http2 counts what happens over HTTP/2 with clients
 * @param http2Targets counts what happens over HTTP/2 with targets
 */
record SharedParts(
        ProxySettings settings,
        Transport transport,
        Connector.Names names,
        RoutingTable routing,
        Stopping stopping,
        BufferBudget buffers,
        Descriptors descriptors,
        RequestCount requests,
        AtomicLong clients,
        RequestCounters counters,
        Rehearsals rehearsals,
        PauseBudgets pauses,
        SharedHandshakes handshakes,
        ChallengeReplies challenges,
        HttpsRedirect redirects,
        PasswordChecks passwords,
        FileThreads files,
        TargetWays targetWays,
        TraceSink spans,
        Http2Counters http2,
        Http2TargetCounters http2Targets) {

    /** What part of the memory for buffers heads may take, if nothing else is configured. */
    private static final int HEADS_SHARE = 4;

    /** Returns the memory for all heads together, in bytes. */
    long headMemory() {
        return settings.headMemory() > 0 ? settings.headMemory() : buffers.limit() / HEADS_SHARE;
    }
}
