package dev.turnout;

import dev.turnout.proxy.HandshakeCount;
import dev.turnout.proxy.LabelledCount;
import dev.turnout.proxy.PlaneCounts;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * The metrics of the data plane that belong to no target: {@code turnout_clients}, {@code turnout_tls_*}, and {@code
 * turnout_access_log_dropped_total} for lines that the disk did not take.
 */
final class DataPlaneMetrics implements MeterBinder {

    private final PlaneCounts counts;

    DataPlaneMetrics(PlaneCounts counts) {
        this.counts = counts;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("turnout.clients", counts::clients)
                .description("Client connections that are open")
                .register(registry);
        FunctionCounter.builder("turnout.access.log.dropped", counts, PlaneCounts::droppedLogLines)
                .description("Lines of the access log that the disk did not take")
                .register(registry);
        FunctionCounter.builder("turnout.proxy.protocol.refused", counts, PlaneCounts::refusedHeaders)
                .description("Connections that were closed because of turnout.proxy-protocol")
                .register(registry);
        FunctionCounter.builder("turnout.tls.redirect.loops", counts, PlaneCounts::redirectLoops)
                .description(
                        "Redirects to https although a peer that is not trusted says that the client came by https")
                .register(registry);
        span(registry, "sent", PlaneCounts::sentSpans);
        span(registry, "dropped", PlaneCounts::droppedSpans);
        rejectedSpans(registry);
        bindHandshakes(registry);
        bindHttp2(registry);
        bindHttp2Targets(registry);
    }

    private void bindHttp2Targets(MeterRegistry registry) {
        FunctionCounter.builder("turnout.http2.target.connections", counts, PlaneCounts::http2TargetConnections)
                .description("Connections over HTTP/2 that were opened to targets")
                .register(registry);
        FunctionCounter.builder("turnout.http2.target.streams", counts, PlaneCounts::http2TargetStreams)
                .description("Requests to targets over HTTP/2")
                .register(registry);
        for (LabelledCount resets : counts.http2TargetResets()) {
            FunctionCounter.builder("turnout.http2.target.resets", counts, counted -> resets.count()
                            .getAsLong())
                    .description("Streams over HTTP/2 to targets that were reset, by who has reset them")
                    .tag("by", resets.label())
                    .register(registry);
        }
        for (LabelledCount ended : counts.http2TargetGoAways()) {
            FunctionCounter.builder("turnout.http2.target.goaways", counts, counted -> ended.count()
                            .getAsLong())
                    .description("GOAWAYs on connections over HTTP/2 to targets, by who has sent them")
                    .tag("by", ended.label())
                    .register(registry);
        }
    }

    private void span(MeterRegistry registry, String result, ToDoubleFunction<PlaneCounts> count) {
        FunctionCounter.builder("turnout.traced.requests", counts, count)
                .description("Requests whose trace is recorded: sent to the collector, or dropped on the way")
                .tag("result", result)
                .register(registry);
    }

    private void rejectedSpans(MeterRegistry registry) {
        FunctionCounter.builder("turnout.rejected.spans", counts, PlaneCounts::rejectedSpans)
                .description("Spans that the collector has taken and not kept, as its answers say")
                .register(registry);
    }

    private void bindHttp2(MeterRegistry registry) {
        FunctionCounter.builder("turnout.http2.streams", counts, PlaneCounts::http2Streams)
                .description("Requests of clients over HTTP/2")
                .register(registry);
        for (LabelledCount resets : counts.http2Resets()) {
            FunctionCounter.builder("turnout.http2.resets", counts, counted -> resets.count()
                            .getAsLong())
                    .description("Streams of clients over HTTP/2 that were reset, by who has reset them")
                    .tag("by", resets.label())
                    .register(registry);
        }
        for (LabelledCount ended : counts.http2GoAways()) {
            FunctionCounter.builder("turnout.http2.goaways", counts, counted -> ended.count()
                            .getAsLong())
                    .description(
                            "Connections of clients over HTTP/2 that Turnout has ended, by the fault of the client")
                    .tag("cause", ended.label())
                    .register(registry);
        }
    }

    private void bindHandshakes(MeterRegistry registry) {
        Gauge.builder("turnout.tls.clients", counts::tlsClients)
                .description("Client connections over TLS that are open")
                .register(registry);
        for (HandshakeCount handshakes : counts.handshakes()) {
            // The registry holds what it counts by weakly: it has to be something that lives on.
            FunctionCounter.builder("turnout.tls.handshakes", counts, counted -> handshakes
                            .count()
                            .getAsLong())
                    .description("TLS handshakes of clients, by their result and version")
                    .tag("result", handshakes.result())
                    .tag("version", handshakes.version())
                    .register(registry);
        }
        FunctionTimer.builder(
                        "turnout.tls.handshake",
                        counts,
                        PlaneCounts::handshakesDone,
                        PlaneCounts::handshakeNanos,
                        TimeUnit.NANOSECONDS)
                .description("How long TLS handshakes took that are done, from connection to end")
                .register(registry);
    }
}
