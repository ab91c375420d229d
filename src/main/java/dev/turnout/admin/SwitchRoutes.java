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

/** The calls that change which slot serves. Event loop only. */
@Singleton
final class SwitchRoutes {

    private static final String WATCH = "watch";
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
    void switchSlot(RoutingContext call) {
        Query query = Query.of(
                call, "to", "wait", "force", "dry-run", WATCH, "version", "by", "note", "verbose", Query.WITHOUT);
        Destination destination =
                query.slot("to").<Destination>map(NamedSlot::new).orElseGet(OtherSlot::new);
        begin(call, query, destination);
    }

    @Route(path = "/admin/rollback", methods = Route.HttpMethod.POST)
    void rollback(RoutingContext call) {
        begin(
                call,
                Query.of(call, "wait", "force", "dry-run", "version", "by", "note", "verbose", Query.WITHOUT),
                new SlotBefore());
    }

    @Route(path = "/admin/canary/promote", methods = Route.HttpMethod.POST)
    void promote(RoutingContext call) {
        begin(
                call,
                Query.of(call, "wait", "force", "dry-run", WATCH, "version", "by", "note", "verbose", Query.WITHOUT),
                new CanarySlot());
    }

    @Route(path = "/admin/switch", methods = Route.HttpMethod.DELETE)
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
