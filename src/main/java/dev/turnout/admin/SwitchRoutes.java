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
import dev.turnout.switching.JointSwitcher;
import dev.turnout.switching.SwitchOrder;
import dev.turnout.switching.Switcher;
import io.quarkus.vertx.web.Route;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;

/** The calls that change which slot serves. Event loop only. */
@Singleton
final class SwitchRoutes {

    private static final String WATCH = "watch";
    private static final Duration LONGEST_WATCH = Duration.ofMinutes(10);

    private final Switcher switcher;
    private final JointSwitcher jointSwitcher;
    private final Changes changes;
    private final CurrentState current;
    private final ChangeAnswers answers;

    SwitchRoutes(
            Switcher switcher,
            JointSwitcher jointSwitcher,
            Changes changes,
            CurrentState current,
            ChangeAnswers answers) {
        this.switcher = switcher;
        this.jointSwitcher = jointSwitcher;
        this.changes = changes;
        this.current = current;
        this.answers = answers;
    }

    @Route(path = "/admin/switch", methods = Route.HttpMethod.POST)
    void switchSlot(RoutingContext call) {
        Query query = Query.ofServices(
                call, "to", "wait", "force", "dry-run", WATCH, "version", "by", "note", "verbose", Query.WITHOUT);
        Destination destination =
                query.slot("to").<Destination>map(NamedSlot::new).orElseGet(OtherSlot::new);
        begin(call, query, destination);
    }

    @Route(path = "/admin/rollback", methods = Route.HttpMethod.POST)
    void rollback(RoutingContext call) {
        begin(
                call,
                Query.ofServices(call, "wait", "force", "dry-run", "version", "by", "note", "verbose", Query.WITHOUT),
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
        if (query.services().size() == 1) {
            SwitchOrder order = order(query.service(), call, query, destination);
            answers.report(call, query, () -> switcher.begin(order));
            return;
        }
        refuseOfOneOnly(call, query);
        List<SwitchOrder> orders = query.services().stream()
                .map(service -> order(service, call, query, destination))
                .toList();
        answers.together(call, query, () -> jointSwitcher.begin(orders));
    }

    private static SwitchOrder order(String service, RoutingContext call, Query query, Destination destination) {
        return new SwitchOrder(
                service,
                destination,
                query.until(),
                query.flag("force"),
                query.flag("dry-run"),
                query.time(WATCH, LONGEST_WATCH),
                IfMatch.of(call),
                query.note(call));
    }

    /** A watch judges one service, and each service has a revision of its own. */
    private static void refuseOfOneOnly(RoutingContext call, Query query) {
        boolean isWatched = query.time(WATCH, LONGEST_WATCH).isPresent();
        if (isWatched || call.request().headers().contains("If-Match")) {
            throw new BadRequest((isWatched ? "'watch'" : "If-Match")
                    + " is for a switch of one service, and this call names several. Nothing was done. Leave it out,"
                    + " or switch the services one by one.");
        }
    }
}
