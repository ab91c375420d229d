package dev.turnout.admin;

import dev.turnout.config.BadConfiguration;
import dev.turnout.config.Reading;
import io.quarkus.vertx.web.Route;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** The calls that read the configuration again. Event loop only. */
@Singleton
final class ReloadRoutes {

    private final Reloader reloader;
    private final PendingResponses pending;

    ReloadRoutes(Reloader reloader, PendingResponses pending) {
        this.reloader = reloader;
        this.pending = pending;
    }

    @Route(path = "/admin/check", methods = Route.HttpMethod.POST)
    @Operation(
            operationId = "check",
            summary = "Reads the configuration and changes nothing",
            description = "The places are those of the start: files, environment, system properties.")
    @APIResponse(responseCode = "200", description = "sound, keys that a reload would change, warnings")
    @APIResponse(responseCode = "422", description = "bad-configuration, with all errors")
    void check(RoutingContext call) {
        Query.of(call);
        pending.later(
                call,
                reloader::check,
                reading -> answer(call, reading),
                failure -> Answers.problem(call, Problems.of(failure)));
    }

    private static void answer(RoutingContext call, Reading reading) {
        if (reading instanceof Reading.Broken broken) {
            Answers.problem(call, Problems.of(new BadConfiguration(broken.errors())));
        } else if (reading instanceof Reading.Sound sound) {
            Answers.change(
                    call,
                    new JsonObject()
                            .put("sound", true)
                            .put("keys", ReloadJson.keys(sound.change().keys()))
                            .put("warnings", new JsonArray(sound.warnings())));
        }
    }

    @Route(path = "/admin/reload", methods = Route.HttpMethod.POST)
    @Operation(
            operationId = "reload",
            summary = "Brings the configuration into force, all or nothing",
            description = "No connection is touched. New targets of a serving slot get traffic once they are proved"
                    + " healthy, and targets that leave are drained. Keys that need a restart are named, and keep their"
                    + " values.")
    @Parameter(name = "force", in = ParameterIn.QUERY, description = CommonApi.FORCE)
    @Parameter(name = "by", in = ParameterIn.QUERY, description = CommonApi.BY)
    @Parameter(name = "note", in = ParameterIn.QUERY, description = CommonApi.NOTE)
    @APIResponse(
            responseCode = "200",
            description = "changed, keys with from, to and effect (applied or restart), services, warnings")
    @APIResponse(responseCode = "409", description = "busy: a service that the reload changes is being changed")
    @APIResponse(responseCode = "422", description = "bad-configuration, with all errors; nothing has changed")
    @APIResponse(responseCode = "424", description = CommonApi.UNHEALTHY)
    void reload(RoutingContext call) {
        Query query = Query.of(call, "force", "by", "note");
        pending.later(
                call,
                () -> reloader.reload(query.flag("force"), query.note(call)),
                reloaded -> Answers.change(call, ReloadJson.of(reloaded)),
                failure -> Answers.problem(call, Problems.of(failure)));
    }
}
