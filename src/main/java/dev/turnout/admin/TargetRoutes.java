package dev.turnout.admin;

import dev.turnout.routing.Command;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.switching.Adjuster;
import dev.turnout.switching.Adjustment;
import dev.turnout.switching.Adjustment.TargetDrain;
import dev.turnout.switching.Adjustment.TargetList;
import dev.turnout.switching.Adjustment.TargetReady;
import dev.turnout.switching.AdjustmentOrder;
import dev.turnout.switching.AdjustmentReport;
import dev.turnout.switching.CurrentState;
import dev.turnout.switching.Leases;
import io.quarkus.vertx.web.Route;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** The calls about targets: which ones a slot has, and which ones are in rotation. Event loop only. */
@Singleton
final class TargetRoutes {

    private static final String TARGET = "target";
    private static final String DRY_RUN = "dry-run";
    private static final Duration LONGEST_LEASE = Duration.ofDays(1);
    private static final String SLOT_TARGETS = "/admin/slots/:slot/targets";

    private final CurrentState current;
    private final StatusJson status;
    private final Adjuster adjuster;
    private final Leases leases;
    private final ChangeAnswers answers;

    TargetRoutes(CurrentState current, StatusJson status, Adjuster adjuster, Leases leases, ChangeAnswers answers) {
        this.leases = leases;
        this.current = current;
        this.status = status;
        this.adjuster = adjuster;
        this.answers = answers;
    }

    @Route(path = "/admin/targets/:target/drain", methods = Route.HttpMethod.POST)
    void drain(RoutingContext call) {
        Query query = Query.of(call, "wait", "force", "by", "note");
        begin(call, query, new TargetDrain(new Command.TakeOut(target(call), query.flag("force"))));
    }

    @Route(path = "/admin/targets/:target/ready", methods = Route.HttpMethod.POST)
    void ready(RoutingContext call) {
        begin(
                call,
                Query.of(call, "force", "version", "by", "note", "verbose"),
                new TargetReady(new Command.PutBack(target(call))));
    }

    @Route(path = SLOT_TARGETS + "/:target", methods = Route.HttpMethod.PUT)
    void add(RoutingContext call) {
        Query query = Query.of(call, "ttl", "wait", "force", DRY_RUN, "by", "note", "verbose");
        Command.AddTarget add = new Command.AddTarget(slot(call), target(call), query.time("ttl", LONGEST_LEASE));
        AdjustmentOrder order = order(call, query, new TargetList(add));
        answers.report(call, query, () -> renewal(order, add).orElseGet(() -> adjuster.begin(order)));
    }

    private Optional<CompletionStage<AdjustmentReport>> renewal(AdjustmentOrder order, Command.AddTarget add) {
        return order.dryRun() ? Optional.empty() : leases.renew(order, add);
    }

    @Route(path = SLOT_TARGETS + "/:target", methods = Route.HttpMethod.DELETE)
    void remove(RoutingContext call) {
        Query query = change(call);
        begin(call, query, new TargetList(new Command.RemoveTarget(slot(call), target(call), query.flag("force"))));
    }

    @Route(path = SLOT_TARGETS, methods = Route.HttpMethod.PUT)
    void set(RoutingContext call) {
        Query query = change(call);
        List<Target> targets = TargetLists.read(CallBody.of(call));
        begin(call, query, new TargetList(new Command.SetTargets(slot(call), targets, query.flag("force"))));
    }

    @Route(path = SLOT_TARGETS, methods = Route.HttpMethod.DELETE)
    void reset(RoutingContext call) {
        Query query = change(call);
        begin(call, query, new TargetList(new Command.ResetTargets(slot(call))));
    }

    private static Query change(RoutingContext call) {
        return Query.of(call, "wait", "force", DRY_RUN, "by", "note", "verbose");
    }

    @Route(path = "/admin/targets", methods = Route.HttpMethod.GET)
    void targets(RoutingContext call) {
        Service service = current.service(Query.of(call).service());
        String accept = call.request().getHeader("Accept");
        if (accept != null && accept.toLowerCase(Locale.ROOT).contains("application/json")) {
            Answers.json(call, status.targets(service), service.revision());
        } else {
            Answers.text(call, status.targetLines(service));
        }
    }

    private static Slot slot(RoutingContext call) {
        String name = call.pathParam("slot");
        return Stream.of(Slot.values())
                .filter(slot -> slot.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new BadRequest(
                        "The path names no slot: it is blue or green, not '" + name + "'. Nothing was done."));
    }

    private static Target target(RoutingContext call) {
        try {
            return TargetLists.ofAddress(call.pathParam(TARGET));
        } catch (IllegalArgumentException e) {
            throw new BadRequest("The path names no target: " + e.getMessage() + ". Nothing was done.");
        }
    }

    private void begin(RoutingContext call, Query query, Adjustment adjustment) {
        AdjustmentOrder order = order(call, query, adjustment);
        answers.report(call, query, () -> adjuster.begin(order));
    }

    private static AdjustmentOrder order(RoutingContext call, Query query, Adjustment adjustment) {
        return new AdjustmentOrder(
                query.service(),
                adjustment,
                query.until(),
                query.flag("force"),
                query.flag(DRY_RUN),
                IfMatch.of(call),
                query.note(call));
    }
}
