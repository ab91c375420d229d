package dev.turnout.support;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;

/** A collector of spans: an OTLP receiver that decodes them by the messages of opentelemetry-proto. */
public final class Collector implements AutoCloseable {

    private final HttpServer server;
    private final List<Span> spans = new CopyOnWriteArrayList<>();
    private final List<ResourceSpans> batches = new CopyOnWriteArrayList<>();
    private final List<Instant> refused = new CopyOnWriteArrayList<>();
    private final Queue<Refusal> refusals = new ConcurrentLinkedQueue<>();

    private final Queue<byte[]> answers = new ConcurrentLinkedQueue<>();
    private final List<Map<String, List<String>>> headers = new CopyOnWriteArrayList<>();
    private final AtomicLong bytes = new AtomicLong();

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
            boolean isTaken = keep(exchange, body);
            byte[] answer = answers.poll();
            exchange.sendResponseHeaders(isTaken ? 200 : 415, answer == null ? -1 : answer.length);
            if (answer != null) {
                exchange.getResponseBody().write(answer);
            }
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
        headers.add(Map.copyOf(exchange.getRequestHeaders()));
        bytes.addAndGet(body.length);
        boolean isCompressed = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
        InputStream plain = new ByteArrayInputStream(body);
        ExportTraceServiceRequest request =
                ExportTraceServiceRequest.parseFrom(isCompressed ? new GZIPInputStream(plain) : plain);
        batches.addAll(request.getResourceSpansList());
        request.getResourceSpansList()
                .forEach(batch -> batch.getScopeSpansList().forEach(scope -> spans.addAll(scope.getSpansList())));
        return "application/x-protobuf".equals(exchange.getRequestHeaders().getFirst("Content-Type"));
    }

    /** Takes one batch more, and says that it does not keep so many of its spans. */
    public void reject(long spans, String why) {
        answers.add(ExportTraceServiceResponse.newBuilder()
                .setPartialSuccess(ExportTracePartialSuccess.newBuilder()
                        .setRejectedSpans(spans)
                        .setErrorMessage(why))
                .build()
                .toByteArray());
    }

    /** Returns the header fields of each batch that was taken. */
    public List<Map<String, List<String>>> headers() {
        return List.copyOf(headers);
    }

    /** Returns how many bytes the batches had that were taken. */
    public long bytes() {
        return bytes.get();
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
