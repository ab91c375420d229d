package dev.turnout.support;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/** A collector of spans: an OTLP receiver that decodes them by the messages of opentelemetry-proto. */
public final class Collector implements AutoCloseable {

    private final HttpServer server;
    private final List<Span> spans = new CopyOnWriteArrayList<>();
    private final List<ResourceSpans> batches = new CopyOnWriteArrayList<>();
    private final List<Instant> refused = new CopyOnWriteArrayList<>();
    private final Queue<Refusal> refusals = new ConcurrentLinkedQueue<>();

    /** @param retryAfter empty for no such field */
    private record Refusal(int status, String retryAfter) {}

    private Collector(HttpServer server) {
        this.server = server;
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    public static Collector start() {
        return at(0);
    }

    public static Collector at(int port) {
        return new Collector(TestServers.plain(port));
    }

    /** A collector that speaks HTTPS with this certificate, which is for localhost. */
    public static Collector startSecure(TestAuthority.Issued certificate) {
        return new Collector(TestServers.secure(certificate));
    }

    private void take(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        Refusal refusal = refusals.poll();
        if (refusal == null) {
            exchange.sendResponseHeaders(keep(exchange, body) ? 200 : 415, -1);
        } else {
            refused.add(Instant.now());
            if (!refusal.retryAfter().isEmpty()) {
                exchange.getResponseHeaders().set("Retry-After", refusal.retryAfter());
            }
            exchange.sendResponseHeaders(refusal.status(), -1);
        }
        exchange.close();
    }

    private boolean keep(HttpExchange exchange, byte[] body) throws IOException {
        ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(body);
        batches.addAll(request.getResourceSpansList());
        request.getResourceSpansList()
                .forEach(batch -> batch.getScopeSpansList().forEach(scope -> spans.addAll(scope.getSpansList())));
        return "application/x-protobuf".equals(exchange.getRequestHeaders().getFirst("Content-Type"));
    }

    /** Refuses one batch more. */
    public void refuse(int status, String retryAfter) {
        refusals.add(new Refusal(status, retryAfter));
    }

    /** Returns when batches were refused. */
    public List<Instant> refused() {
        return List.copyOf(refused);
    }

    /** Returns the spans so far. */
    public List<Span> spans() {
        return List.copyOf(spans);
    }

    public String url() {
        return (server instanceof HttpsServer ? "https://localhost:" : "http://127.0.0.1:")
                + server.getAddress().getPort() + "/v1/traces";
    }

    public List<ResourceSpans> batches() {
        return List.copyOf(batches);
    }

    /** Waits for so many spans. */
    public List<Span> await(int count) {
        Await.until("there are " + count + " spans", () -> spans.size() >= count);
        return List.copyOf(spans);
    }

    /** Returns the attributes of a span as text. */
    public static Map<String, String> attributes(Span span) {
        Map<String, String> attributes = new TreeMap<>();
        for (KeyValue attribute : span.getAttributesList()) {
            AnyValue value = attribute.getValue();
            attributes.put(
                    attribute.getKey(),
                    value.hasIntValue() ? String.valueOf(value.getIntValue()) : value.getStringValue());
        }
        return attributes;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
