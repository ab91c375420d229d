package dev.turnout.proxy.observe;

import dev.turnout.proxy.exchange.TracedAttempt;
import dev.turnout.proxy.exchange.TracedRequest;
import dev.turnout.proxy.route.TargetState;
import dev.turnout.routing.TargetAddress;
import dev.turnout.routing.TcpAddress;
import dev.turnout.routing.UnixAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Spans as OTLP has them (opentelemetry-proto, trace/v1), with attributes by the semantic conventions of HTTP. Each request is a
 * span of a server, and each of its attempts a span of a client below.
 */
final class OtlpSpans {

    private static final int SERVER = 2;
    private static final int CLIENT = 3;
    private static final int ERROR = 2;
    private static final int SERVER_ERROR = 500;
    private static final int CLIENT_ERROR = 400;

    /** A call of gRPC fails behind a status of 200. */
    private static final String OTHER = "_OTHER";

    /** Other methods would make names without a bound. */
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

    private OtlpSpans() {}

    /** Returns the body of a request to a collector. */
    static byte[] of(List<TracedRequest> requests, String serviceName, Predicate<TargetState> isTls) {
        return new OtlpWriter()
                .message(1, resource -> resource.message(1, of -> attribute(of, 1, "service.name", serviceName))
                        .message(2, scope -> {
                            scope.message(1, name -> name.text(1, "dev.turnout"));
                            requests.forEach(request -> spans(scope, request, isTls));
                        }))
                .bytes();
    }

    private static void spans(OtlpWriter scope, TracedRequest request, Predicate<TargetState> isTls) {
        scope.message(2, span -> server(span, request));
        for (int i = 0; i < request.attempts().size(); i++) {
            int resent = i;
            scope.message(2, span -> client(span, request, resent, isTls));
        }
    }

    private static void server(OtlpWriter span, TracedRequest request) {
        ids(span, request, request.span(), request.parent());
        times(span, request, SERVER, request.startNanos(), request.endNanos());
        method(span, request.method());
        attribute(span, 9, "url.path", request.path());
        if (!request.query().isEmpty()) {
            attribute(span, 9, "url.query", request.query());
        }
        attribute(span, 9, "url.scheme", request.scheme());
        if (!request.host().isEmpty()) {
            address(span, request.host());
        }
        attribute(span, 9, "client.address", request.client());
        attribute(span, 9, "network.protocol.version", version(request.protocol()));
        if (!request.userAgent().isEmpty()) {
            attribute(span, 9, "user_agent.original", request.userAgent());
        }
        attribute(span, 9, "http.response.status_code", request.status());
        if (!request.service().isEmpty()) {
            attribute(span, 9, "turnout.service", request.service());
        }
        if (!request.attempts().isEmpty()) {
            place(span, request.attempts().get(request.attempts().size() - 1));
        }
        if (request.error() != null) {
            attribute(span, 9, "turnout.cause", request.error());
        }
        if (request.status() >= SERVER_ERROR) {
            error(span, String.valueOf(request.status()));
        } else if (request.isFailed()) {
            error(span, request.error() == null ? OTHER : request.error());
        }
    }

    /** The name of a Unix socket is its path, and it has no port (semantic conventions of OpenTelemetry, server.address). */
    private static void server(OtlpWriter span, TargetAddress address) {
        if (address instanceof TcpAddress tcp) {
            attribute(span, 9, "server.address", tcp.host());
            attribute(span, 9, "server.port", tcp.port());
        } else if (address instanceof UnixAddress unix) {
            attribute(span, 9, "server.address", unix.path());
        }
    }

    private static void client(OtlpWriter span, TracedRequest request, int resent, Predicate<TargetState> isTls) {
        TracedAttempt attempt = request.attempts().get(resent);
        TargetState target = attempt.target();
        boolean isLast = resent == request.attempts().size() - 1;
        ids(span, request, attempt.span(), request.span());
        times(span, request, CLIENT, attempt.startNanos(), attempt.endNanos());
        method(span, request.method());
        server(span, target.target().address());
        attribute(
                span,
                9,
                "url.full",
                (isTls.test(target) ? "https://" : "http://")
                        + target.target().address().authority()
                        + request.forwarded());
        attribute(span, 9, "network.protocol.version", target.protocol().isHttp2() ? "2" : "1.1");
        attribute(span, 9, "turnout.service", target.service());
        if (resent > 0) {
            attribute(span, 9, "http.request.resend_count", resent);
        }
        place(span, attempt);
        if (attempt.error() != null) {
            error(span, attempt.error());
        } else if (isLast) {
            attribute(span, 9, "http.response.status_code", request.status());
            if (request.status() >= CLIENT_ERROR) {
                error(span, String.valueOf(request.status()));
            } else if (request.isFailed()) {
                error(span, OTHER);
            }
        }
    }

    private static void ids(OtlpWriter span, TracedRequest request, long id, long parent) {
        span.bytes(
                1,
                ByteBuffer.allocate(2 * Long.BYTES)
                        .putLong(request.high())
                        .putLong(request.low())
                        .array());
        span.bytes(2, number(id));
        if (parent != 0) {
            span.bytes(4, number(parent));
        }
    }

    private static byte[] number(long id) {
        return ByteBuffer.allocate(Long.BYTES).putLong(id).array();
    }

    private static void times(OtlpWriter span, TracedRequest request, int kind, long start, long end) {
        long endOfAll = TimeUnit.MILLISECONDS.toNanos(request.endMillis());
        span.text(5, METHODS.contains(request.method()) ? request.method() : "HTTP")
                .number(6, kind)
                .fixed64(7, endOfAll - (request.endNanos() - start))
                .fixed64(8, endOfAll - (request.endNanos() - end));
    }

    private static void method(OtlpWriter span, String method) {
        if (METHODS.contains(method)) {
            attribute(span, 9, "http.request.method", method);
        } else {
            attribute(span, 9, "http.request.method", OTHER);
            attribute(span, 9, "http.request.method_original", method);
        }
    }

    private static void address(OtlpWriter span, String host) {
        int colon = host.lastIndexOf(':');
        boolean hasPort = colon > 0 && host.substring(colon + 1).matches("[0-9]{1,5}");
        String name = hasPort ? host.substring(0, colon) : host;
        boolean isBracketed = name.startsWith("[") && name.endsWith("]");
        attribute(span, 9, "server.address", isBracketed ? name.substring(1, name.length() - 1) : name);
        if (hasPort) {
            attribute(span, 9, "server.port", Integer.parseInt(host.substring(colon + 1)));
        }
    }

    /** Returns {@code 1.1} for {@code HTTP/1.1}, and {@code 2} for {@code HTTP/2.0}. */
    private static String version(String protocol) {
        String version = protocol.substring(protocol.indexOf('/') + 1);
        return version.equals("2.0") ? "2" : version;
    }

    private static void place(OtlpWriter span, TracedAttempt attempt) {
        attribute(span, 9, "turnout.slot", String.valueOf(attempt.target().slot()));
        if (attempt.revision() > 0) {
            attribute(span, 9, "turnout.revision", attempt.revision());
        }
    }

    private static void error(OtlpWriter span, String type) {
        attribute(span, 9, "error.type", type);
        span.message(15, status -> status.number(3, ERROR));
    }

    private static void attribute(OtlpWriter owner, int field, String key, String value) {
        owner.message(field, attribute -> attribute.text(1, key).message(2, any -> any.text(1, value)));
    }

    private static void attribute(OtlpWriter owner, int field, String key, long value) {
        owner.message(field, attribute -> attribute.text(1, key).message(2, any -> any.number(3, value)));
    }
}
