package dev.turnout.switching;

import dev.turnout.fleet.FleetChange;
import dev.turnout.fleet.FleetMember;
import dev.turnout.fleet.FleetRecovery;
import dev.turnout.fleet.FleetRefused;
import dev.turnout.fleet.FleetStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/** The way into a fleet, and out of it. No service is changed meanwhile. Any thread. */
public final class FleetEntry {

    private final FleetPart fleet;
    private final CurrentState current;
    private final Changes changes;

    FleetEntry(FleetPart fleet, CurrentState current, Changes changes) {
        this.fleet = fleet;
        this.current = current;
        this.changes = changes;
    }

    /** Begins the fleet with what this Turnout serves. */
    public CompletionStage<FleetStatus> init(ChangeNote note) {
        return status("begin the fleet", note, member -> member.init(current.get(), note.asker()));
    }

    /** Enters the fleet. */
    public CompletionStage<FleetStatus> join(ChangeNote note) {
        return status("join the fleet", note, member -> member.join(current.get()));
    }

    /** Takes a member out of the fleet. */
    public CompletionStage<FleetStatus> leave(String member, ChangeNote note) {
        return status("take member " + member + " out of the fleet", note, own -> own.leave(member));
    }

    /**
     * Tells the store, which was lost or was put back to a backup, what the members know.
     *
     * @param confirmed the plan that the caller has seen; empty to be told it, with nothing done
     */
    public CompletionStage<FleetRecovery> recover(Optional<String> confirmed, ChangeNote note) {
        return under(
                "recover the store of the fleet",
                note,
                member -> member.recover(note.asker(), note.without(), confirmed));
    }

    private CompletionStage<FleetStatus> status(String what, ChangeNote note, Consumer<FleetMember> work) {
        return under(what, note, member -> {
            work.accept(member);
            return member.status();
        });
    }

    private <R> CompletionStage<R> under(String what, ChangeNote note, Function<FleetMember, R> work) {
        FleetMember member = member();
        return changes.beginTogether(current.get().services().keySet(), what, note, (taken, early) -> {
            try {
                return work.apply(member);
            } catch (FleetRefused refused) {
                throw FleetPart.refusal(refused);
            }
        });
    }

    /** Returns true if a member of this Turnout's fleet has asked a question: {@code question} is the header of it. */
    public boolean isPeer(String question) {
        return fleet.member().filter(member -> member.isPeer(question)).isPresent();
    }

    /**
     * Returns what this member knows for those that can't reach etcd.
     *
     * @param question the header of a member's question
     * @throws ChangeRefused outside of a fleet
     */
    public JsonObject told(Optional<String> question) {
        try {
            return member().told(question);
        } catch (FleetRefused refused) {
            throw FleetPart.refusal(refused);
        }
    }

    /**
     * Returns what has become of a change of the fleet: {@code change, service, step, receipt{}, services[]}.
     *
     * @param name its id, or what its caller calls it
     * @throws ChangeRefused if the fleet knows no such change, or its store can't be used
     */
    public JsonObject change(String name) {
        try {
            FleetMember.Found of = member().change(name);
            FleetChange found = of.change();
            Optional<JsonObject> receipt = found.receipt()
                    .map(made -> FleetReport.of(found.epoch().orElse(0L), made, List.of())
                            .json());
            return new JsonObject()
                    .put("change", found.change())
                    .put("service", found.service())
                    .put("step", found.step().orElse(null))
                    .put("receipt", receipt.orElse(null))
                    .put("services", new JsonArray(List.copyOf(of.services())));
        } catch (FleetRefused refused) {
            throw FleetPart.refusal(refused);
        }
    }

    /**
     * Returns what is known of the fleet.
     *
     * @throws ChangeRefused if the configuration names none
     */
    public FleetStatus status() {
        return member().status();
    }

    /** Returns what is known of the fleet; empty if the configuration names none. */
    public Optional<FleetStatus> known() {
        return fleet.member().map(FleetMember::status);
    }

    private FleetMember member() {
        return fleet.member()
                .orElseThrow(() -> new ChangeRefused(
                        ChangeRefused.Reason.NO_FLEET,
                        "This Turnout is alone: turnout.fleet.endpoints has no value. Name the nodes of etcd there and"
                                + " restart."));
    }
}
