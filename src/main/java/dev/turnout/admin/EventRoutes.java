package dev.turnout.admin;

import dev.turnout.config.TurnoutConfig;
import dev.turnout.routing.Service;
import dev.turnout.switching.CurrentState;
import io.quarkus.vertx.web.Route;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** The stream of events, as server-sent events (WHATWG HTML, section 9.2). Event loop only. */
@Singleton
final class EventRoutes {

    private static final String TRAFFIC = "traffic";
    private static final int MOST_STREAMS = 256;

    /** Streams may take this fraction of all connections, so that a connection for calls is left. */
    private static final int SHARE = 4;

    private final CurrentState current;
    private final EventFeed feed;
    private final int most;
    private final AtomicInteger streams = new AtomicInteger();

    EventRoutes(CurrentState current, EventFeed feed, TurnoutConfig config) {
        this.current = current;
        this.feed = feed;
        this.most = Math.min(MOST_STREAMS, config.admin().connections() / SHARE);
    }

    @Route(path = "/admin/events", methods = Route.HttpMethod.GET)
    @Operation(operationId = "events", summary = "What happens to services, as it happens", description = """
                    Server-sent events, each with a JSON object as its data; of all services, unless `service` names one. \
                    An event has an `id`. A reader that sends the last one as `Last-Event-ID` gets what it has missed, \
                    and no `status` again. The last 2,048 events are held, and 2 MiB at most. A reader that falls behind \
                    them, or takes nothing for 15 s, is disconnected. Members of each kind, beside `service`:

                    - `status`, at once for each service: as GET /admin/status.
                    - `reset`, before the `status` events, if what was missed is not held any more: services[].
                    - `traffic`, once a second with `traffic=true`: held, slots with the counters of their targets.
                    - `step`, a change enters a step (starting, gate, warmup, persist, publish, watch, drain): what, \
                    who, by, version, note, since, step.
                    - `probe`, a probe of the gate has ended: what, target, path, at, good, status (null without an \
                    answer), cause, latencyMillis, host, body, goodInARow, needed, elapsedMillis, deadlineMillis.
                    - `warmup`, a round has ended: what, target, round, requests, failures, p95Millis.
                    - `drain`, at most twice a second: what, inFlight, webSockets, elapsedMillis, timeoutMillis.
                    - `watch`, once a second: what, elapsedMillis, leftMillis, before and after, each with slot, \
                    requests, errors, errorRate (0 to 1), p99Millis.
                    - `switched`, another slot serves: the receipt so far, and what, who, by, note. `changed`, \
                    another change is in force: its report so far, and the same.
                    - `ended`, the drain or the watch of a change has ended: the receipt or report.
                    - `refused`, nothing has changed: as `step`, and problem{reason, detail, gate}.
                    - `health`, a target: target, from, to, since, cause.
                    - `outage`, a target that serves, or all of them, are down or back: at, who, what, verdict \
                    (outage-began, outage-ended), slot, target, reason, durationMillis.
                    - `certificate`, whatever the service: at, verdict, names. `certificate-renewed`, another one is \
                    served: file, notAfter, daysLeft. `certificate-failed`, files can't be served or an order has \
                    failed, and once a day while that lasts: file, reason. `certificate-mended`, that is over: as \
                    failed. `certificate-ending`, it ends soon, and \
                    once a day: as renewed.

                    A change that drains nothing has no `ended`. A dry run, and a change of nothing, have neither \
                    `switched` nor `ended`.
                    """)
    @Parameter(name = TRAFFIC, in = ParameterIn.QUERY, description = "true: the counters too, once a second")
    @Parameter(name = "Last-Event-ID", in = ParameterIn.HEADER, description = "The id of the last event that was read")
    @APIResponse(responseCode = "200", description = "text/event-stream")
    @APIResponse(responseCode = "503", description = "too-many-streams")
    void events(RoutingContext call) {
        Query query = Query.of(call, TRAFFIC);
        Optional<Service> service = query.namedService().map(current::service);
        boolean hasTraffic = query.flag(TRAFFIC);
        if (streams.incrementAndGet() > most) {
            streams.decrementAndGet();
            Answers.problem(
                    call,
                    Problem.of(
                            "too-many-streams",
                            503,
                            "Too many listen already",
                            most + " event streams are open, which is the limit. Close one of them."));
            return;
        }
        HttpServerResponse response =
                Answers.response(call, 200, "text/event-stream;charset=UTF-8").setChunked(true);
        Optional<String> lastId = Optional.ofNullable(call.request().getHeader("Last-Event-ID"));
        Runnable end = feed.subscribe(response, call.vertx().getOrCreateContext(), service, lastId, hasTraffic);
        call.addEndHandler(ended -> {
            end.run();
            streams.decrementAndGet();
        });
    }
}
