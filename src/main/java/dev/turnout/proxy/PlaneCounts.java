package dev.turnout.proxy;

import dev.turnout.proxy.connection.Http2Counters;
import dev.turnout.proxy.connection.Http2TargetCounters;
import dev.turnout.proxy.exchange.HttpsRedirect;
import dev.turnout.proxy.listen.HandshakeCounters;
import dev.turnout.proxy.listen.HeaderRefusals;
import dev.turnout.proxy.observe.CurrentExporter;
import dev.turnout.proxy.observe.CurrentLogs;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** What the data plane has counted since the start that belongs to no target, for the metrics. Any thread. */
public final class PlaneCounts {

    private final AtomicLong clients;
    private final CurrentLogs accessLogs;
    private final CurrentExporter spans;
    private final HttpsRedirect redirects;
    private final HeaderRefusals headerRefusals;
    private final HandshakeCounters handshakes;
    private final Http2Counters http2;
    private final Http2TargetCounters http2Targets;

    /** @param clients the connections of clients that are open */
    PlaneCounts(
            AtomicLong clients,
            CurrentLogs accessLogs,
            CurrentExporter spans,
            HttpsRedirect redirects,
            HeaderRefusals headerRefusals,
            HandshakeCounters handshakes,
            Http2Counters http2,
            Http2TargetCounters http2Targets) {
        this.clients = clients;
        this.accessLogs = accessLogs;
        this.spans = spans;
        this.redirects = redirects;
        this.headerRefusals = headerRefusals;
        this.handshakes = handshakes;
        this.http2 = http2;
        this.http2Targets = http2Targets;
    }

    /** Returns how many traced requests a collector has taken. */
    public long sentSpans() {
        return spans.sent();
    }

    /** Returns how many spans a collector has taken and not kept. */
    public long rejectedSpans() {
        return spans.rejected();
    }

    /** Returns how many traced requests were lost on the way to a collector. */
    public long droppedSpans() {
        return spans.dropped();
    }

    /** Returns how many client connections are open. */
    public long clients() {
        return clients.get();
    }

    /** Returns how many lines of the access log have been dropped because the disk was too slow, or full. */
    public long droppedLogLines() {
        return accessLogs.dropped();
    }

    /** Returns how many requests were redirected although somebody who is not trusted says that they came over TLS. */
    public long redirectLoops() {
        return redirects.loops();
    }

    /** Returns how many connections were closed because of {@code turnout.proxy-protocol}. */
    public long refusedHeaders() {
        return headerRefusals.count();
    }

    /** Returns how many requests clients have sent over HTTP/2. */
    public long http2Streams() {
        return http2.streams();
    }

    /** Returns how many streams were reset, by who has reset them. */
    public List<LabelledCount> http2Resets() {
        return List.of(
                new LabelledCount("client", http2::resetsByClients), new LabelledCount("turnout", http2::resetsHere));
    }

    /** Returns how many connections over HTTP/2 Turnout has ended, by the fault of the client. */
    public List<LabelledCount> http2GoAways() {
        return Stream.concat(
                        Stream.of(new LabelledCount(Http2Counters.NO_FAULT, http2::farewells)),
                        http2.faults().entrySet().stream()
                                .map(fault -> new LabelledCount(fault.getKey().cause(), fault.getValue()::sum)))
                .toList();
    }

    /** Returns how many connections over HTTP/2 were opened to targets. */
    public long http2TargetConnections() {
        return http2Targets.connections();
    }

    /** Returns how many requests were sent to targets over HTTP/2. */
    public long http2TargetStreams() {
        return http2Targets.streams();
    }

    /** Returns how many of these were reset, by who has reset them. */
    public List<LabelledCount> http2TargetResets() {
        return List.of(
                new LabelledCount("target", http2Targets::resetsByTargets),
                new LabelledCount("turnout", http2Targets::resetsHere));
    }

    /** Returns how many connections over HTTP/2 to targets have ended with a GOAWAY, by who has sent it. */
    public List<LabelledCount> http2TargetGoAways() {
        return List.of(
                new LabelledCount("target", http2Targets::goAwaysByTargets),
                new LabelledCount("turnout", http2Targets::goAwaysHere));
    }

    /** Returns how many TLS handshakes were done. */
    public long handshakesDone() {
        return handshakes.done();
    }

    /** Returns how long the TLS handshakes took that were done, from connection to end, in nanoseconds. */
    public long handshakeNanos() {
        return handshakes.totalNanos();
    }

    /** Returns how many client connections are open whose TLS handshake is done. */
    public long tlsClients() {
        return handshakes.open();
    }

    /** Returns the counts of TLS handshakes, by result and version. */
    public List<HandshakeCount> handshakes() {
        return HandshakeCounters.kinds()
                .map(kind ->
                        new HandshakeCount(kind.result().label(), kind.version().label(), () -> handshakes.count(kind)))
                .toList();
    }
}
