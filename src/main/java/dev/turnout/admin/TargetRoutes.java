package dev.turnout.admin;

import dev.turnout.routing.Command;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import dev.turnout.switching.Adjuster;
import dev.turnout.switching.Adjustment;
import dev.turnout.switching.Adjustment.TargetDrain;
import dev.turnout.switching.Adjustment.TargetReady;
import dev.turnout.switching.AdjustmentOrder;
import dev.turnout.switching.CurrentState;
import io.quarkus.vertx.web.Route;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** The calls of a rolling deployment: a target of the active slot out of rotation, and back. Event loop only. */
@Singleton
final class TargetRoutes {

    private static final String TARGET = "target";

    private final CurrentState current;
    private final StatusJson status;
    private final Adjuster adjuster;
    private final ChangeAnswers answers;

    TargetRoutes(CurrentState current, StatusJson status, Adjuster adjuster, ChangeAnswers answers) {
        this.current = current;
        this.status = status;
        this.adjuster = adjuster;
        this.answers = answers;
    }

    @Route(path = "/admin/targets/:target/drain", methods = Route.HttpMethod.POST)
    @Operation(
            operationId = "target-drain",
            summary = "Takes a target of the active slot out of rotation",
            description = "It gets no new requests, and the answer comes when it has none in flight: from then on its"
                    + " process can be stopped.")
    @Parameter(name = "target", in = ParameterIn.PATH, required = true, description = "host:port, or %5Bipv6%5D:port")
    @Parameter(name = "wait", in = ParameterIn.QUERY, description = CommonApi.WAIT)
    @Parameter(name = "force", in = ParameterIn.QUERY, description = "true: even if it is the last one in rotation")
    @Parameter(name = "by", in = ParameterIn.QUERY, description = CommonApi.BY)
    @Parameter(name = "note", in = ParameterIn.QUERY, description = CommonApi.NOTE)
    @APIResponse(
            responseCode = "200",
            description =
                    "service, changed, slot, target, inRotation, revision, startedAt, finishedAt, gate, drain, warnings")
    @APIResponse(responseCode = "404", description = "no-service; no-target: the active slot has no such target")
    @APIResponse(responseCode = "409", description = "last-target, busy, or unsupported: nginx can't in this style")
    void drain(RoutingContext call) {
        Query query = Query.of(call, "wait", "force", "by", "note");
        begin(call, query, new TargetDrain(new Command.TakeOut(target(call), query.flag("force"))));
    }

    @Route(path = "/admin/targets/:target/ready", methods = Route.HttpMethod.POST)
    @Operation(
            operationId = "target-ready",
            summary = "Puts a target of the active slot back into rotation",
            description = "It is proved healthy first.")
    @Parameter(name = "target", in = ParameterIn.PATH, required = true, description = "host:port, or %5Bipv6%5D:port")
    @Parameter(name = "force", in = ParameterIn.QUERY, description = CommonApi.FORCE)
    @Parameter(name = "version", in = ParameterIn.QUERY, description = CommonApi.VERSION)
    @Parameter(name = "by", in = ParameterIn.QUERY, description = CommonApi.BY)
    @Parameter(name = "note", in = ParameterIn.QUERY, description = CommonApi.NOTE)
    @Parameter(name = "verbose", in = ParameterIn.QUERY, description = CommonApi.VERBOSE)
    @APIResponse(
            responseCode = "200",
            description =
                    "service, changed, slot, target, inRotation, revision, startedAt, finishedAt, gate, drain, warnings")
    @APIResponse(responseCode = "404", description = "no-service; no-target: the active slot has no such target")
    @APIResponse(responseCode = "424", description = CommonApi.UNHEALTHY)
    void ready(RoutingContext call) {
        begin(
                call,
                Query.of(call, "force", "version", "by", "note", "verbose"),
                new TargetReady(new Command.PutBack(target(call))));
    }

    @Route(path = "/admin/targets", methods = Route.HttpMethod.GET)
    @Operation(
            operationId = "targets",
            summary = "All targets of a service, a line each",
            description = "In text/plain: SLOT HOST:PORT in|out UP|DOWN|UNKNOWN N-in-flight. 'in' is in rotation. With"
                    + " Accept: application/json as JSON.")
    @APIResponse(
            responseCode = "200",
            description = "text/plain; or service, targets[{slot, target, inRotation, health, inFlight}] as JSON")
    void targets(RoutingContext call) {
        Service service = current.service(Query.of(call).service());
        String accept = call.request().getHeader("Accept");
        if (accept != null && accept.toLowerCase(Locale.ROOT).contains("application/json")) {
            Answers.json(call, status.targets(service), service.revision());
        } else {
            Answers.text(call, status.targetLines(service));
        }
    }

    private static Target target(RoutingContext call) {
        try {
            return Target.parse(call.pathParam(TARGET));
        } catch (IllegalArgumentException e) {
            throw new BadRequest("The path names no target: " + e.getMessage() + ". Nothing was done.");
        }
    }

    private void begin(RoutingContext call, Query query, Adjustment adjustment) {
        AdjustmentOrder order = new AdjustmentOrder(
                query.service(), adjustment, query.until(), query.flag("force"), IfMatch.of(call), query.note(call));
        answers.report(call, query, () -> adjuster.begin(order));
    }
}
