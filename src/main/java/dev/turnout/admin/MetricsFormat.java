package dev.turnout.admin;

import io.prometheus.client.exporter.common.TextFormat;
import io.quarkus.vertx.web.RouteFilter;
import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * The format of the metrics: OpenMetrics if it is asked for, else the text format of Prometheus, which every tool reads.
 * Quarkus would answer a call without a wish, such as curl's, in OpenMetrics. A call waits until all meters are bound.
 */
@Singleton
final class MetricsFormat {

    private static final String PATH = "/q/metrics";
    private static final String OPEN_METRICS = "application/openmetrics-text";
    private static final int BEFORE_ROUTES = 10;

    private final Meters meters;

    MetricsFormat(Meters meters) {
        this.meters = meters;
    }

    @RouteFilter(BEFORE_ROUTES)
    void choose(RoutingContext call) {
        if (call.normalizedPath().equals(PATH)) {
            boolean isOpen = asksForOpenMetrics(call.request().getHeader(HttpHeaders.ACCEPT));
            call.request()
                    .headers()
                    .set(HttpHeaders.ACCEPT, isOpen ? TextFormat.CONTENT_TYPE_OPENMETRICS_100 : "text/plain");
            whenBound(call);
        } else {
            call.next();
        }
    }

    private void whenBound(RoutingContext call) {
        if (meters.bound().isComplete()) {
            call.next();
        } else {
            Context context = call.vertx().getOrCreateContext();
            meters.bound().onComplete(bound -> context.runOnContext(none -> call.next()));
        }
    }

    /** Returns true if a client names OpenMetrics. Prometheus names it before the text format. */
    private static boolean asksForOpenMetrics(@Nullable String accept) {
        return accept != null && accept.contains(OPEN_METRICS);
    }
}
