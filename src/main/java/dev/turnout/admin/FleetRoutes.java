package dev.turnout.admin;

import dev.turnout.fleet.FleetMember;
import dev.turnout.fleet.FleetRecovery;
import dev.turnout.fleet.FleetStatus;
import dev.turnout.switching.ChangeNote;
import dev.turnout.switching.FleetEntry;
import io.quarkus.vertx.web.Route;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The calls about the fleet that this Turnout is in, or may enter. Event loop only. */
@Singleton
final class FleetRoutes {

    private static final int NAME_CHARACTERS = 64;
    private static final int CHANGE_CHARACTERS = 128;

    private final FleetEntry fleet;
    private final PendingResponses pending;

    FleetRoutes(FleetEntry fleet, PendingResponses pending) {
        this.fleet = fleet;
        this.pending = pending;
    }

    @Route(path = "/admin/fleet", methods = Route.HttpMethod.GET)
    void status(RoutingContext call) {
        Query.of(call);
        Answers.json(call, json(fleet.status()));
    }

    @Route(path = FleetMember.STATE_PATH, methods = Route.HttpMethod.GET)
    void state(RoutingContext call) {
        Query.of(call);
        Answers.json(call, fleet.told(Optional.ofNullable(call.request().getHeader(FleetMember.QUESTION_HEADER))));
    }

    @Route(path = "/admin/changes/:change", methods = Route.HttpMethod.GET)
    void change(RoutingContext call) {
        Query.of(call);
        String name = call.pathParam("change");
        if (name.length() > CHANGE_CHARACTERS) {
            throw new BadRequest("The id of a change has at most " + CHANGE_CHARACTERS + " characters.");
        }
        Answers.json(call, fleet.change(name));
    }

    @Route(path = "/admin/fleet/init", methods = Route.HttpMethod.POST)
    void init(RoutingContext call) {
        change(call, fleet::init);
    }

    @Route(path = "/admin/fleet/join", methods = Route.HttpMethod.POST)
    void join(RoutingContext call) {
        change(call, fleet::join);
    }

    @Route(path = "/admin/fleet/recover", methods = Route.HttpMethod.POST)
    void recover(RoutingContext call) {
        Query query = Query.of(call, "confirm", "by", "note", Query.WITHOUT);
        pending.later(
                call,
                () -> fleet.recover(query.text("confirm", NAME_CHARACTERS), query.note(call)),
                recovery -> Answers.json(call, json(recovery)),
                failure -> Answers.problem(call, Problems.of(failure)));
    }

    private static JsonObject json(FleetRecovery recovery) {
        JsonArray services = new JsonArray();
        recovery.services()
                .forEach(service -> services.add(new JsonObject()
                        .put("service", service.service())
                        .put("active", service.active().toString())
                        .put("revision", service.revision())
                        .put("next", service.next())
                        .put("members", array(service.members()))));
        return new JsonObject()
                .put("recovered", recovery.isMade())
                .put("plan", recovery.plan())
                .put("services", services)
                .put("asked", array(recovery.asked()))
                .put("silent", array(recovery.silent()))
                .put("without", array(recovery.without()));
    }

    private static JsonArray array(Set<String> names) {
        return new JsonArray(List.copyOf(names));
    }

    @Route(path = "/admin/fleet/members/:member", methods = Route.HttpMethod.DELETE)
    void leave(RoutingContext call) {
        String member = call.pathParam("member");
        if (member.length() > NAME_CHARACTERS) {
            throw new BadRequest(
                    "The name of a member has at most " + NAME_CHARACTERS + " characters. Nothing was done.");
        }
        change(call, note -> fleet.leave(member, note));
    }

    private void change(RoutingContext call, Function<ChangeNote, CompletionStage<FleetStatus>> change) {
        Query query = Query.of(call, "by", "note");
        pending.later(
                call,
                () -> change.apply(query.note(call)),
                status -> Answers.json(call, json(status)),
                failure -> Answers.problem(call, Problems.of(failure)));
    }

    static JsonObject json(FleetStatus status) {
        JsonArray members = new JsonArray();
        status.members().forEach(place -> members.add(member(place)));
        JsonArray services = new JsonArray();
        status.services()
                .forEach(service -> services.add(new JsonObject()
                        .put("service", service.service())
                        .put("active", service.active())
                        .put("epoch", service.epoch())
                        .put("here", service.here())
                        .put("changing", service.changing().orElse(null))
                        .put("lacking", new JsonArray(service.lacking()))
                        .put("elected", service.elected().orElse(null))));
        JsonObject apart = new JsonObject();
        status.apart().forEach(apart::put);
        return new JsonObject()
                .put("name", status.name())
                .put("member", status.member())
                .put("process", status.process())
                .put("fleet", status.fleet().orElse(null))
                .put("trouble", status.trouble().map(FleetStatus.Problem::text).orElse(null))
                .put(
                        "troubleKind",
                        status.trouble().map(FleetStatus.Problem::kind).orElse(null))
                .put("since", status.since().map(Object::toString).orElse(null))
                .put("revision", status.revision())
                .put("members", members)
                .put("services", services)
                .put("apart", apart)
                .put("missing", new JsonArray(status.missing()))
                .put("behind", new JsonArray(status.behind()));
    }

    private static JsonObject member(FleetStatus.Place place) {
        JsonObject epochs = new JsonObject();
        place.epochs().forEach(epochs::put);
        return new JsonObject()
                .put("member", place.member())
                .put("address", place.address())
                .put("present", place.isPresent())
                .put("epochs", epochs);
    }
}
