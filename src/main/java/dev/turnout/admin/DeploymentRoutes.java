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
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** The calls by which deployers take turns. A switch by hand does not ask for the lock. Event loop only. */
@Singleton
final class DeploymentRoutes {

    private static final Duration TIME = Duration.ofSeconds(60);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final Pattern ID = Pattern.compile("[0-9A-Za-z-]{1,64}");

    private static final String OWNER = "Who deploys, up to 100 characters";
    private static final String LOCK_ID = "The id that POST has answered with";
    private static final String TTL = "30s, for example: when the lock is free unless it is renewed; 60s if absent";
    private static final String DEPLOYING = "deploying: another deployer has the lock; with owner, since, expiresAt";
    private static final String GRANTED = "id, owner, since, expiresAt";

    private final CurrentState current;
    private final DeploymentLocks locks;

    DeploymentRoutes(CurrentState current, DeploymentLocks locks) {
        this.current = current;
        this.locks = locks;
    }

    @Route(path = "/admin/deployment", methods = Route.HttpMethod.POST)
    @Operation(
            operationId = "deployment-begin",
            summary = "Takes the lock of a deployment",
            description = "Deployers take turns by this lock. It refuses no other call.")
    @Parameter(name = "owner", in = ParameterIn.QUERY, required = true, description = OWNER)
    @Parameter(name = "ttl", in = ParameterIn.QUERY, description = TTL)
    @APIResponse(responseCode = "200", description = GRANTED)
    @APIResponse(responseCode = "409", description = DEPLOYING)
    void begin(RoutingContext call) {
        Query query = Query.of(call, "owner", "ttl");
        answer(call, locks.take(service(query), owner(query), time(query)));
    }

    @Route(path = "/admin/deployment", methods = Route.HttpMethod.PUT)
    @Operation(
            operationId = "deployment-renew",
            summary = "Renews the lock of a deployment",
            description = "Takes the lock anew if it is free, as it is after a restart of Turnout.")
    @Parameter(name = "id", in = ParameterIn.QUERY, required = true, description = LOCK_ID)
    @Parameter(name = "owner", in = ParameterIn.QUERY, required = true, description = OWNER)
    @Parameter(name = "ttl", in = ParameterIn.QUERY, description = TTL)
    @APIResponse(responseCode = "200", description = GRANTED)
    @APIResponse(responseCode = "409", description = DEPLOYING)
    void renew(RoutingContext call) {
        Query query = Query.of(call, "id", "owner", "ttl");
        answer(call, locks.renew(service(query), id(query), owner(query), time(query)));
    }

    @Route(path = "/admin/deployment", methods = Route.HttpMethod.DELETE)
    @Operation(
            operationId = "deployment-end",
            summary = "Frees the lock of a deployment",
            description = "A lock that nobody has stays free, and that is no error.")
    @Parameter(name = "id", in = ParameterIn.QUERY, required = true, description = LOCK_ID)
    @APIResponse(responseCode = "200", description = "An empty object: nobody has the lock")
    @APIResponse(responseCode = "409", description = DEPLOYING)
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
