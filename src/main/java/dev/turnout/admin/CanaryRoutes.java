package dev.turnout.admin;

import dev.turnout.switching.Adjuster;
import dev.turnout.switching.Adjustment.CanaryWeight;
import dev.turnout.switching.AdjustmentOrder;
import io.quarkus.vertx.web.Route;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/** The calls that begin and end a canary. Promoting a canary is a switch. Event loop only. */
@Singleton
final class CanaryRoutes {

    private static final int ALL = 100;

    private final Adjuster adjuster;
    private final ChangeAnswers answers;

    CanaryRoutes(Adjuster adjuster, ChangeAnswers answers) {
        this.adjuster = adjuster;
        this.answers = answers;
    }

    @Route(path = "/admin/canary", methods = Route.HttpMethod.POST)
    void canary(RoutingContext call) {
        Query query = Query.of(call, "weight", "wait", "force", "version", "by", "note", "verbose", Query.WITHOUT);
        begin(call, query, query.requiredNumber("weight", 0, ALL));
    }

    @Route(path = "/admin/canary", methods = Route.HttpMethod.DELETE)
    void abort(RoutingContext call) {
        begin(call, Query.of(call, "wait", "force", "by", "note", Query.WITHOUT), 0);
    }

    private void begin(RoutingContext call, Query query, int weight) {
        AdjustmentOrder order = new AdjustmentOrder(
                query.service(),
                CanaryWeight.of(weight),
                query.until(),
                query.flag("force"),
                false,
                IfMatch.of(call),
                query.note(call));
        answers.report(call, query, () -> adjuster.begin(order));
    }
}
