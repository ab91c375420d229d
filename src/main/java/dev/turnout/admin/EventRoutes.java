package dev.turnout.admin;

import dev.turnout.config.TurnoutConfig;
import dev.turnout.routing.Service;
import dev.turnout.switching.Announcer;
import dev.turnout.switching.ChangeEvent;
import dev.turnout.switching.CurrentState;
import io.quarkus.vertx.web.Route;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** The stream of a service's events, as server-sent events (WHATWG HTML, section 9.2). Event loop only. */
@Singleton
final class EventRoutes {

    private static final int MOST_STREAMS = 64;

    /** Streams may take this fraction of all connections, so that a connection for calls is left. */
    private static final int SHARE = 4;

    private static final long BEAT_MILLIS = 15_000;

    private final CurrentState current;
    private final StatusJson status;
    private final Announcer announcer;
    private final CertificateEvents certificates;
    private final int most;
    private final AtomicInteger streams = new AtomicInteger();

    EventRoutes(
            CurrentState current,
            StatusJson status,
            Announcer announcer,
            CertificateEvents certificates,
            TurnoutConfig config) {
        this.current = current;
        this.status = status;
        this.announcer = announcer;
        this.certificates = certificates;
        this.most = Math.min(MOST_STREAMS, config.admin().connections() / SHARE);
    }

    @Route(path = "/admin/events", methods = Route.HttpMethod.GET)
    @Operation(operationId = "events", summary = "What happens to a service, as it happens", description = """
                    Server-sent events, each with a JSON object as its data. A reader that is too slow is disconnected. \
                    Members of each kind:

                    - `status`, at once: as GET /admin/status.
                    - `step`, a change enters a step (starting, gate, warmup, persist, publish, watch, drain): what, \
                    who, by, version, note, since, step.
                    - `probe`, a probe of the gate has ended: what, target, path, at, good, status (null without an \
                    answer), cause, latencyMillis, host, body, goodInARow, needed, elapsedMillis, deadlineMillis.
                    - `warmup`, a round has ended: what, target, round, requests, failures, p95Millis.
                    - `drain`, at most twice a second: what, inFlight, webSockets, elapsedMillis, timeoutMillis.
                    - `watch`, once a second: what, elapsedMillis, leftMillis, before and after, each with slot, \
                    requests, errors, errorRate (0 to 1), p99Millis.
                    - `switched`, another slot serves: the receipt so far. `changed`, another change is in force: \
                    its report so far.
                    - `ended`, the drain or the watch of a change has ended: the receipt or report.
                    - `refused`, nothing has changed: as `step`, and problem{reason, detail, gate}.
                    - `health`, a target: target, from, to, since, cause.
                    - `outage`, a target that serves, or all of them, are down or back: at, who, what, verdict \
                    (outage-began, outage-ended), slot, target, reason, durationMillis.
                    - `certificate`, whatever the service: at, verdict, names. `certificate-renewed`, another one is \
                    served: file, notAfter, daysLeft. `certificate-failed`, files can't be served or an order has \
                    failed, and once a day while that lasts: file, reason. `certificate-ending`, it ends soon, and \
                    once a day: as renewed.

                    A change that drains nothing has no `ended`. A dry run, and a change of nothing, have neither \
                    `switched` nor `ended`.
                    """)
    @APIResponse(responseCode = "200", description = "text/event-stream")
    @APIResponse(responseCode = "503", description = "too-many-streams")
    void events(RoutingContext call) {
        Service service = current.service(Query.of(call).service());
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
        Context loop = call.vertx().getOrCreateContext();
        Consumer<ChangeEvent> listener = event -> {
            if (event.service().equals(service.name())) {
                loop.runOnContext(now -> send(response, event.kind(), event.detail()));
            }
        };
        Consumer<JsonObject> ofCertificates =
                detail -> loop.runOnContext(now -> send(response, CertificateEvents.KIND, detail));
        long beat = call.vertx().setPeriodic(BEAT_MILLIS, id -> write(response, ": still here\n\n"));
        call.addEndHandler(ended -> {
            announcer.leave(listener);
            certificates.leave(ofCertificates);
            call.vertx().cancelTimer(beat);
            streams.decrementAndGet();
        });
        announcer.listen(listener);
        certificates.listen(ofCertificates);
        send(response, "status", status.of(service));
    }

    private static void send(HttpServerResponse response, String kind, JsonObject detail) {
        write(response, "event: " + kind + "\ndata: " + detail.encode() + "\n\n");
    }

    private static void write(HttpServerResponse response, String text) {
        if (response.closed()) {
            return;
        }
        if (response.writeQueueFull()) {
            response.reset();
            return;
        }
        response.write(text);
    }
}
