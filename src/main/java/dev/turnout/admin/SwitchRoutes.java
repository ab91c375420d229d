package dev.turnout.admin;

import dev.turnout.routing.Service;
import dev.turnout.switching.ChangeJson;
import dev.turnout.switching.Changes;
import dev.turnout.switching.CurrentState;
import dev.turnout.switching.Destination;
import dev.turnout.switching.Destination.CanarySlot;
import dev.turnout.switching.Destination.NamedSlot;
import dev.turnout.switching.Destination.OtherSlot;
import dev.turnout.switching.Destination.SlotBefore;
import dev.turnout.switching.SwitchOrder;
import dev.turnout.switching.Switcher;
import io.quarkus.vertx.web.Route;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** The calls that change which slot serves. Event loop only. */
@Singleton
final class SwitchRoutes {

    private static final String WATCH = "watch";
    private static final String WATCH_MEANS =
            "30s, for example: so long the new slot is compared with what the old one has done in the last"
                    + " minutes, before that is drained; if it fails more often or is slower, it is switched back";
    private static final String UNHEALTHY =
            "unhealthy: the gate was not passed, or it was switched back (then with the receipt);"
                    + " not-warm: a required warm-up failed";
    private static final Duration LONGEST_WATCH = Duration.ofMinutes(10);

    private final Switcher switcher;
    private final Changes changes;
    private final CurrentState current;
    private final ChangeAnswers answers;

    SwitchRoutes(Switcher switcher, Changes changes, CurrentState current, ChangeAnswers answers) {
        this.switcher = switcher;
        this.changes = changes;
        this.current = current;
        this.answers = answers;
    }

    @Route(path = "/admin/switch", methods = Route.HttpMethod.POST)
    @Operation(
            operationId = "switch",
            summary = "Switches to the other slot, or to a named one",
            description =
                    "The new slot is proved healthy and warmed up, all new requests go to it in one step, and the answer comes"
                            + " when the old slot is drained: from then on its process can be stopped. On any refusal nothing"
                            + " has changed. A client that hangs up does not stop a switch.")
    @Parameter(name = "to", in = ParameterIn.QUERY, description = "blue or green; the idle slot if absent")
    @Parameter(name = "wait", in = ParameterIn.QUERY, description = CommonApi.WAIT)
    @Parameter(name = "force", in = ParameterIn.QUERY, description = CommonApi.FORCE)
    @Parameter(name = "dry-run", in = ParameterIn.QUERY, description = CommonApi.DRY_RUN)
    @Parameter(name = WATCH, in = ParameterIn.QUERY, description = WATCH_MEANS)
    @Parameter(name = "version", in = ParameterIn.QUERY, description = CommonApi.VERSION)
    @Parameter(name = "by", in = ParameterIn.QUERY, description = CommonApi.BY)
    @Parameter(name = "note", in = ParameterIn.QUERY, description = CommonApi.NOTE)
    @Parameter(name = "verbose", in = ParameterIn.QUERY, description = CommonApi.VERBOSE)
    @APIResponse(responseCode = "200", description = "The receipt")
    @APIResponse(responseCode = "424", description = UNHEALTHY)
    void switchSlot(RoutingContext call) {
        Query query = Query.of(call, "to", "wait", "force", "dry-run", WATCH, "version", "by", "note", "verbose");
        Destination destination =
                query.slot("to").<Destination>map(NamedSlot::new).orElseGet(OtherSlot::new);
        begin(call, query, destination);
    }

    @Route(path = "/admin/rollback", methods = Route.HttpMethod.POST)
    @Operation(
            operationId = "rollback",
            summary = "Switches back to the slot that was active before",
            description =
                    "As a switch, with the gate; once after each switch. While that is still watched, this ends the watch.")
    @Parameter(name = "wait", in = ParameterIn.QUERY, description = CommonApi.WAIT)
    @Parameter(name = "force", in = ParameterIn.QUERY, description = CommonApi.FORCE)
    @Parameter(name = "dry-run", in = ParameterIn.QUERY, description = CommonApi.DRY_RUN)
    @Parameter(name = "version", in = ParameterIn.QUERY, description = CommonApi.VERSION)
    @Parameter(name = "by", in = ParameterIn.QUERY, description = CommonApi.BY)
    @Parameter(name = "note", in = ParameterIn.QUERY, description = CommonApi.NOTE)
    @Parameter(name = "verbose", in = ParameterIn.QUERY, description = CommonApi.VERBOSE)
    @APIResponse(responseCode = "200", description = "The receipt")
    @APIResponse(responseCode = "409", description = "nothing-to-roll-back, or busy")
    @APIResponse(responseCode = "424", description = CommonApi.UNHEALTHY)
    void rollback(RoutingContext call) {
        begin(call, Query.of(call, "wait", "force", "dry-run", "version", "by", "note", "verbose"), new SlotBefore());
    }

    @Route(path = "/admin/canary/promote", methods = Route.HttpMethod.POST)
    @Operation(
            operationId = "canary-promote",
            summary = "Switches to the canary's slot",
            description = "As a switch, with the gate and the receipt.")
    @Parameter(name = "wait", in = ParameterIn.QUERY, description = CommonApi.WAIT)
    @Parameter(name = "force", in = ParameterIn.QUERY, description = CommonApi.FORCE)
    @Parameter(name = "dry-run", in = ParameterIn.QUERY, description = CommonApi.DRY_RUN)
    @Parameter(name = WATCH, in = ParameterIn.QUERY, description = WATCH_MEANS)
    @Parameter(name = "version", in = ParameterIn.QUERY, description = CommonApi.VERSION)
    @Parameter(name = "by", in = ParameterIn.QUERY, description = CommonApi.BY)
    @Parameter(name = "note", in = ParameterIn.QUERY, description = CommonApi.NOTE)
    @Parameter(name = "verbose", in = ParameterIn.QUERY, description = CommonApi.VERBOSE)
    @APIResponse(responseCode = "200", description = "The receipt")
    @APIResponse(responseCode = "409", description = "no-canary, or busy")
    @APIResponse(responseCode = "424", description = UNHEALTHY)
    void promote(RoutingContext call) {
        begin(
                call,
                Query.of(call, "wait", "force", "dry-run", WATCH, "version", "by", "note", "verbose"),
                new CanarySlot());
    }

    @Route(path = "/admin/switch", methods = Route.HttpMethod.DELETE)
    @Operation(
            operationId = "switch-cancel",
            summary = "Cancels the change that is under way",
            description =
                    "Any change whose commit has not begun: a switch, a rollback, a promotion, a canary, a target."
                            + " Nothing has changed then, and the call that asked for the change answers 409 cancelled.")
    @Parameter(name = "by", in = ParameterIn.QUERY, description = CommonApi.BY)
    @Parameter(name = "note", in = ParameterIn.QUERY, description = CommonApi.NOTE)
    @APIResponse(responseCode = "200", description = "service, cancelled{what, who, by, version, note, since, step}")
    @APIResponse(responseCode = "409", description = "too-late: the commit has begun; nothing-to-cancel")
    void cancel(RoutingContext call) {
        Query query = Query.of(call, "by", "note");
        Service service = current.service(query.service());
        answers.json(
                call,
                query,
                () -> changes.cancel(service, IfMatch.of(call), query.note(call)),
                cancelled -> new JsonObject()
                        .put("service", cancelled.service())
                        .put("cancelled", ChangeJson.of(cancelled)));
    }

    private void begin(RoutingContext call, Query query, Destination destination) {
        SwitchOrder order = new SwitchOrder(
                query.service(),
                destination,
                query.until(),
                query.flag("force"),
                query.flag("dry-run"),
                query.time(WATCH, LONGEST_WATCH),
                IfMatch.of(call),
                query.note(call));
        answers.report(call, query, () -> switcher.begin(order));
    }
}
