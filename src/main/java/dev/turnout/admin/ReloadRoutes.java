package dev.turnout.admin;

import dev.turnout.config.BadConfiguration;
import dev.turnout.config.Reading;
import io.quarkus.vertx.web.Route;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

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
    void reload(RoutingContext call) {
        Query query = Query.of(call, "force", "by", "note");
        pending.later(
                call,
                () -> reloader.reload(query.flag("force"), query.note(call)),
                reloaded -> Answers.change(call, ReloadJson.of(reloaded)),
                failure -> Answers.problem(call, Problems.of(failure)));
    }
}
