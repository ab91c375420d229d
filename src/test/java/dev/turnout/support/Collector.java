package dev.turnout.support;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A collector of spans: an OTLP receiver that decodes them by the messages of opentelemetry-proto. */
public final class Collector implements AutoCloseable {

    private final HttpServer server;
    private final List<Span> spans = new CopyOnWriteArrayList<>();
    private final List<ResourceSpans> batches = new CopyOnWriteArrayList<>();

    private Collector() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", exchange -> {
            ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(
                    exchange.getRequestBody().readAllBytes());
            boolean isProtobuf =
                    "application/x-protobuf".equals(exchange.getRequestHeaders().getFirst("Content-Type"));
            batches.addAll(request.getResourceSpansList());
            request.getResourceSpansList()
                    .forEach(batch -> batch.getScopeSpansList().forEach(scope -> spans.addAll(scope.getSpansList())));
            exchange.sendResponseHeaders(isProtobuf ? 200 : 415, -1);
            exchange.close();
        });
        server.start();
    }

    public static Collector start() {
        try {
            return new Collector();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
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
