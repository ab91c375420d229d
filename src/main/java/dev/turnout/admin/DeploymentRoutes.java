package dev.turnout.admin;

import dev.turnout.routing.Service;
import dev.turnout.switching.CurrentState;
import dev.turnout.switching.DeploymentLocks;
import dev.turnout.switching.DeploymentLocks.Answer;
import dev.turnout.switching.DeploymentLocks.Held;
import io.quarkus.vertx.web.Route;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.regex.Pattern;

/** The calls by which deployers take turns. A switch by hand does not ask for the lock. Event loop only. */
@Singleton
final class DeploymentRoutes {

    private static final Duration TIME = Duration.ofSeconds(60);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final Pattern ID = Pattern.compile("[0-9A-Za-z-]{1,64}");

    private final CurrentState current;
    private final DeploymentLocks locks;

    DeploymentRoutes(CurrentState current, DeploymentLocks locks) {
        this.current = current;
        this.locks = locks;
    }

    @Route(path = "/admin/deployment", methods = Route.HttpMethod.POST)
    void begin(RoutingContext call) {
        Query query = Query.of(call, "owner", "ttl");
        answer(call, locks.take(service(query), owner(query), time(query)));
    }

    @Route(path = "/admin/deployment", methods = Route.HttpMethod.PUT)
    void renew(RoutingContext call) {
        Query query = Query.of(call, "id", "owner", "ttl");
        answer(call, locks.renew(service(query), id(query), owner(query), time(query)));
    }

    @Route(path = "/admin/deployment", methods = Route.HttpMethod.DELETE)
    void end(RoutingContext call) {
        Query query = Query.of(call, "id");
        answer(call, locks.free(service(query), id(query)));
    }

    private String service(Query query) {
        Service service = current.service(query.service());
        return service.name();
    }

    private static String owner(Query query) {
        return query.requiredText("owner", DeploymentLocks.OWNER_CHARACTERS);
    }

    private static Duration time(Query query) {
        return query.time("ttl", LONGEST).orElse(TIME);
    }

    private static String id(Query query) {
        String id = query.requiredText("id", 64);
        if (!ID.matcher(id).matches()) {
            throw new BadRequest("The parameter 'id' is what POST /admin/deployment has answered. Nothing was done.");
        }
        return id;
    }

    private static void answer(RoutingContext call, Answer answer) {
        if (answer instanceof Answer.Granted granted) {
            Answers.change(call, new JsonObject().put("id", granted.lock().id()).mergeIn(shown(granted.lock())));
        } else if (answer instanceof Answer.Taken taken) {
            Answers.problem(call, deploying(taken.lock()));
        } else {
            Answers.change(call, new JsonObject());
        }
    }

    private static Problem deploying(Held lock) {
        return Problem.of(
                        "deploying",
                        409,
                        "Another deployment has not ended",
                        lock.owner() + " deploys since " + lock.since() + ". Nothing was done. Try again when that has"
                                + " ended; without a sign of life the lock is free at " + lock.expiresAt() + ".")
                .with(shown(lock));
    }

    /** Returns the JSON form without the id, which only the holder knows. */
    static JsonObject shown(Held lock) {
        return new JsonObject()
                .put("owner", lock.owner())
                .put("since", lock.since().toString())
                .put("expiresAt", lock.expiresAt().toString());
    }
}
