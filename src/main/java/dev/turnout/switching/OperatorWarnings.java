package dev.turnout.switching;

import dev.turnout.routing.RoutingWarnings;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.VisibleText;
import java.util.ArrayList;
import java.util.List;

/** The warnings about a service for an operator, a sentence each. Any thread. */
public final class OperatorWarnings {

    private final SlotHealth health;
    private final RoutingWarnings routing;
    private final Changes changes;
    private final Commit commit;
    private final Pausing pausing;
    private final Leases leases;

    OperatorWarnings(
            SlotHealth health,
            RoutingWarnings routing,
            Changes changes,
            Commit commit,
            Pausing pausing,
            Leases leases) {
        this.leases = leases;
        this.changes = changes;
        this.health = health;
        this.routing = routing;
        this.commit = commit;
        this.pausing = pausing;
    }

    /** Returns the warnings about a service; empty if all is well. */
    public List<String> of(Service service) {
        List<String> sentences = new ArrayList<>();
        Slot active = service.active();
        if (health.isDown(service, active, 1)) {
            sentences.add(
                    health.isUp(service, service.idle())
                            ? "The active slot " + active + " is down and slot " + service.idle()
                                    + " answers. Turnout does not switch unasked: POST /admin/switch?to="
                                    + service.idle() + " does."
                            : "The active slot " + active + " is down, and so is a target of slot " + service.idle()
                                    + ". Start the application, or switch back with turnout rollback.");
        }
        pausing.since(service)
                .ifPresent(since -> sentences.add("The service is paused since " + since
                        + ": new requests wait. turnout resume (POST /admin/resume) lets them go."));
        service.maintenance()
                .ifPresent(maintenance -> sentences.add("Maintenance is on since " + maintenance.since()
                        + ": clients get 503"
                        + (maintenance.terms().allow().isEmpty()
                                ? ""
                                : ", but those from "
                                        + String.join(", ", maintenance.terms().allow()))
                        + ". turnout maintenance off (DELETE /admin/maintenance) ends it."));
        sentences.addAll(leases.warnings(service));
        SlotVersions.warning(service).ifPresent(sentences::add);
        changes.suspension().ifPresent(sentences::add);
        commit.damage().ifPresent(sentences::add);
        routing.drift().ifPresent(sentences::add);
        sentences.addAll(routing.warnings(service.name()));
        return sentences.stream()
                .map(sentence -> VisibleText.of(sentence, VisibleText.LONG))
                .toList();
    }
}
