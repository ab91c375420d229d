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
