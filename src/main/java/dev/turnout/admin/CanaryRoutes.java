package dev.turnout.admin;

import dev.turnout.switching.Adjuster;
import dev.turnout.switching.Adjustment.CanaryWeight;
import dev.turnout.switching.AdjustmentOrder;
import io.quarkus.vertx.web.Route;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

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
    @Operation(
            operationId = "canary",
            summary = "Gives the idle slot a share of the clients",
            description = "The idle slot is proved healthy whenever its share rises. New clients are split by the"
                    + " weight and stay where they are, by a cookie. A lower weight takes clients back in proportion; 0"
                    + " ends the canary, as DELETE does.")
    @Parameter(name = "weight", in = ParameterIn.QUERY, required = true, description = "Percent, 0 to 100")
    @Parameter(
            name = "wait",
            in = ParameterIn.QUERY,
            description = "Where the canary ends: drained (default), or switched: answer at once")
    @Parameter(name = "force", in = ParameterIn.QUERY, description = CommonApi.FORCE)
    @Parameter(name = "version", in = ParameterIn.QUERY, description = CommonApi.VERSION)
    @Parameter(name = "by", in = ParameterIn.QUERY, description = CommonApi.BY)
    @Parameter(name = "note", in = ParameterIn.QUERY, description = CommonApi.NOTE)
    @Parameter(name = "verbose", in = ParameterIn.QUERY, description = CommonApi.VERBOSE)
    @APIResponse(
            responseCode = "200",
            description = "service, changed, slot, weight, revision, startedAt, finishedAt, gate, drain, warnings")
    @APIResponse(responseCode = "409", description = "busy, paused, or unsupported: nginx can't in this style")
    @APIResponse(responseCode = "424", description = CommonApi.UNHEALTHY)
    void canary(RoutingContext call) {
        Query query = Query.of(call, "weight", "wait", "force", "version", "by", "note", "verbose");
        begin(call, query, query.requiredNumber("weight", 0, ALL), query.flag("force"));
    }

    @Route(path = "/admin/canary", methods = Route.HttpMethod.DELETE)
    @Operation(
            operationId = "canary-abort",
            summary = "Takes all traffic back from the canary",
            description = "The answer comes when the canary's slot is drained: from then on its process can be stopped."
                    + " Without a canary nothing is done, and that is no error.")
    @Parameter(name = "wait", in = ParameterIn.QUERY, description = CommonApi.WAIT)
    @Parameter(name = "by", in = ParameterIn.QUERY, description = CommonApi.BY)
    @Parameter(name = "note", in = ParameterIn.QUERY, description = CommonApi.NOTE)
    @APIResponse(
            responseCode = "200",
            description = "service, changed, slot, weight, revision, startedAt, finishedAt, gate, drain, warnings")
    void abort(RoutingContext call) {
        begin(call, Query.of(call, "wait", "by", "note"), 0, false);
    }

    private void begin(RoutingContext call, Query query, int weight, boolean force) {
        AdjustmentOrder order = new AdjustmentOrder(
                query.service(), CanaryWeight.of(weight), query.until(), force, IfMatch.of(call), query.note(call));
        answers.report(call, query, () -> adjuster.begin(order));
    }
}
