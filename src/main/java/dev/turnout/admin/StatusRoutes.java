package dev.turnout.admin;

import dev.turnout.routing.Pool;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.store.Journal;
import dev.turnout.switching.ChangeRefused;
import dev.turnout.switching.CurrentState;
import io.quarkus.vertx.web.Route;
import io.quarkus.vertx.web.Route.HandlerType;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.Semaphore;

/** The calls that change nothing. */
@Singleton
final class StatusRoutes {

    private static final int ENTRIES = 50;
    private static final int MOST_ENTRIES = 1_000;

    /** Each answer may take a megabyte of memory until the client has read the answer. */
    private static final int MOST_READERS = 8;

    private final CurrentState current;
    private final StatusJson status;
    private final Journal journal;
    private final Semaphore readers = new Semaphore(MOST_READERS);

    StatusRoutes(CurrentState current, StatusJson status, Journal journal) {
        this.current = current;
        this.status = status;
        this.journal = journal;
    }

    @Route(path = "/admin/status", methods = Route.HttpMethod.GET)
    void status(RoutingContext call) {
        Service service = current.service(Query.of(call).service());
        Answers.json(call, status.of(service), service.revision());
    }

    @Route(path = "/admin/idle", methods = Route.HttpMethod.GET)
    void idle(RoutingContext call) {
        Service service = current.service(Query.of(call).service());
        Answers.text(call, first(service, service.idle()));
    }

    @Route(path = "/admin/active", methods = Route.HttpMethod.GET)
    void active(RoutingContext call) {
        Service service = current.service(Query.of(call).service());
        Answers.text(call, first(service, service.active()));
    }

    @Route(path = "/admin/history", methods = Route.HttpMethod.GET, type = HandlerType.BLOCKING)
    void history(RoutingContext call) {
        Query query = Query.of(call, "limit");
        Service service = current.service(query.service());
        int limit = query.number("limit", 1, MOST_ENTRIES).orElse(ENTRIES);
        if (!readers.tryAcquire()) {
            Answers.problem(
                    call,
                    Problem.of(
                            "too-many-readers",
                            503,
                            "Too many read the history already",
                            MOST_READERS + " answers with a history have not been read to their end. Try again."));
            return;
        }
        boolean isAnswered = false;
        try {
            Journal.Recent recent = journal.recent(service.name(), limit);
            JsonObject answer = new JsonObject()
                    .put("service", service.name())
                    .put("entries", new JsonArray(recent.entries()))
                    .put("more", recent.hasMore());
            Answers.json(call, answer).onComplete(written -> readers.release());
            isAnswered = true;
        } finally {
            if (!isAnswered) {
                readers.release();
            }
        }
    }

    private static String first(Service service, Slot slot) {
        Pool pool = service.pool(slot);
        List<Target> targets = pool.inRotation().isEmpty() ? pool.targets() : pool.inRotation();
        if (targets.isEmpty()) {
            throw new ChangeRefused(
                    ChangeRefused.Reason.NO_TARGET,
                    "Slot " + slot + " of service '" + service.name() + "' has no targets: give it some by PUT"
                            + " /admin/slots/" + slot + "/targets.");
        }
        return targets.get(0).toString();
    }
}
