package dev.turnout.admin;

import dev.turnout.routing.Service;
import dev.turnout.switching.CurrentState;
import dev.turnout.switching.RehearsalJson;
import dev.turnout.switching.RehearsalReport;
import dev.turnout.switching.Rehearsing;
import io.quarkus.vertx.web.Route;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The calls that begin the rehearsal of a service, end it, and tell what it has found. Event loop only. */
@Singleton
final class RehearsalRoutes {

    private static final String SHARE = "share";
    private static final int SHARE_CHARACTERS = 10;
    private static final double ALL = 100;

    private final Rehearsing rehearsing;
    private final CurrentState current;
    private final ChangeAnswers answers;

    RehearsalRoutes(Rehearsing rehearsing, CurrentState current, ChangeAnswers answers) {
        this.rehearsing = rehearsing;
        this.current = current;
        this.answers = answers;
    }

    @Route(path = "/admin/rehearsal", methods = Route.HttpMethod.GET)
    void show(RoutingContext call) {
        Service service = current.service(Query.of(call).service());
        Answers.json(call, json(service.name(), rehearsing.look(service)));
    }

    @Route(path = "/admin/rehearsal", methods = Route.HttpMethod.POST)
    void begin(RoutingContext call) {
        Query query = Query.of(call, SHARE, "by", "note");
        double percent = percent(query.requiredText(SHARE, SHARE_CHARACTERS));
        answer(call, query, () -> rehearsing.begin(query.service(), percent, query.note(call)));
    }

    @Route(path = "/admin/rehearsal", methods = Route.HttpMethod.DELETE)
    void end(RoutingContext call) {
        Query query = Query.of(call, "by", "note");
        answer(call, query, () -> rehearsing.end(query.service(), query.note(call)));
    }

    private void answer(RoutingContext call, Query query, Supplier<RehearsalReport> work) {
        answers.json(
                call,
                query,
                () -> CompletableFuture.completedStage(work.get()),
                report -> json(query.service(), report));
    }

    private static JsonObject json(String service, RehearsalReport report) {
        return new JsonObject().put("service", service).put("rehearsal", RehearsalJson.of(report));
    }

    private static double percent(String share) {
        if (share.matches("[0-9]{1,3}(\\.[0-9]{1,3})?%?")) {
            double percent = Double.parseDouble(share.replace("%", ""));
            if (percent > 0 && percent <= ALL) {
                return percent;
            }
        }
        throw new BadRequest(
                "The parameter 'share' is the percent of the safe requests that is copied, above 0 and up to"
                        + " 100, such as 5. Nothing was done.");
    }
}
