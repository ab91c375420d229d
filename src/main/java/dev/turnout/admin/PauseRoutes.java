package dev.turnout.admin;

import dev.turnout.switching.PauseOrder;
import dev.turnout.switching.Pausing;
import io.quarkus.vertx.web.Route;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** The calls that hold new requests, and let the requests go. Event loop only. */
@Singleton
final class PauseRoutes {

    private final Pausing pausing;
    private final ChangeAnswers answers;

    PauseRoutes(Pausing pausing, ChangeAnswers answers) {
        this.pausing = pausing;
        this.answers = answers;
    }

    @Route(path = "/admin/pause", methods = Route.HttpMethod.POST)
    @Operation(
            operationId = "pause",
            summary = "Holds new requests",
            description = "They wait, bounded in number and time, until the service is resumed. What is in flight goes"
                    + " on. A canary is ended. A switch is possible meanwhile.")
    @Parameter(
            name = "wait",
            in = ParameterIn.QUERY,
            description = "paused (default), or drained: answer when what was in flight has ended, or the drain's time"
                    + " is over; nothing is cut")
    @Parameter(name = "by", in = ParameterIn.QUERY, description = CommonApi.BY)
    @Parameter(name = "note", in = ParameterIn.QUERY, description = CommonApi.NOTE)
    @APIResponse(
            responseCode = "200",
            description = "service, changed, paused, revision, held, inFlight, startedAt, drained, warnings")
    @APIResponse(responseCode = "409", description = "busy, or unsupported: nginx can't hold requests")
    void pause(RoutingContext call) {
        Query query = Query.of(call, "wait", "by", "note");
        String until = query.word("wait", List.of("paused", "drained")).orElse("paused");
        begin(call, query, true, until.equals("drained"));
    }

    @Route(path = "/admin/resume", methods = Route.HttpMethod.POST)
    @Operation(
            operationId = "resume",
            summary = "Lets the held requests go",
            description = "They are let go at a pace that the targets can bear, not all at once.")
    @Parameter(name = "by", in = ParameterIn.QUERY, description = CommonApi.BY)
    @Parameter(name = "note", in = ParameterIn.QUERY, description = CommonApi.NOTE)
    @APIResponse(
            responseCode = "200",
            description = "service, changed, paused, revision, held, inFlight, startedAt, drained, warnings")
    void resume(RoutingContext call) {
        begin(call, Query.of(call, "by", "note"), false, false);
    }

    private void begin(RoutingContext call, Query query, boolean paused, boolean untilDrained) {
        PauseOrder order = new PauseOrder(query.service(), paused, untilDrained, IfMatch.of(call), query.note(call));
        answers.report(call, query, () -> pausing.begin(order));
    }
}
