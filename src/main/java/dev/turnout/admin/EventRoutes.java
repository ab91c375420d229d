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
    private final int most;
    private final AtomicInteger streams = new AtomicInteger();

    EventRoutes(CurrentState current, StatusJson status, Announcer announcer, TurnoutConfig config) {
        this.current = current;
        this.status = status;
        this.announcer = announcer;
        this.most = Math.min(MOST_STREAMS, config.admin().connections() / SHARE);
    }

    @Route(path = "/admin/events", methods = Route.HttpMethod.GET)
    @Operation(
            operationId = "events",
            summary = "What happens to a service, as it happens",
            description =
                    "Server-sent events: 'status' at once, then 'step', 'probe', 'warmup', 'switched', 'changed', 'ended', 'refused'"
                            + " and 'health'. A reader that is too slow is disconnected.")
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
        long beat = call.vertx().setPeriodic(BEAT_MILLIS, id -> write(response, ": still here\n\n"));
        call.addEndHandler(ended -> {
            announcer.leave(listener);
            call.vertx().cancelTimer(beat);
            streams.decrementAndGet();
        });
        announcer.listen(listener);
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
