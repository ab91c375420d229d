package dev.turnout.admin;

import dev.turnout.fleet.FleetStatus;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The metrics of the fleet, as this member knows it. Outside of a fleet they have no values. */
public final class FleetMetrics extends AskedMetrics {

    private final Supplier<Optional<FleetStatus>> fleet;

    /** @param fleet what is known now; empty outside of a fleet */
    public FleetMetrics(Supplier<Optional<FleetStatus>> fleet) {
        this.fleet = fleet;
    }

    @Override
    List<MetricFamily> families() {
        MetricFamily ready = MetricFamily.gauge(
                "turnout_fleet_ready",
                "1 if this member can take part in a change of the fleet, 0 if changes are refused");
        MetricFamily members = MetricFamily.gauge("turnout_fleet_members", "Members of the fleet");
        MetricFamily present =
                MetricFamily.gauge("turnout_fleet_members_present", "Members of the fleet whose leases are alive");
        MetricFamily trouble = MetricFamily.gauge(
                "turnout_fleet_trouble", "1 if changes of the fleet are refused for this reason, 0 if not", "kind");
        MetricFamily decided =
                MetricFamily.gauge("turnout_fleet_epoch", "The revision that the fleet has decided", "service");
        MetricFamily here = MetricFamily.gauge(
                "turnout_fleet_epoch_here",
                "The revision that this member serves of a service in which it follows the fleet",
                "service");
        fleet.get().ifPresent(status -> {
            ready.add(status.trouble().isEmpty() ? 1 : 0);
            FleetStatus.Problem.KINDS.forEach(kind -> trouble.add(
                    status.trouble().filter(found -> found.kind().equals(kind)).isPresent() ? 1 : 0, kind));
            members.add(status.members().size());
            present.add(status.members().stream()
                    .filter(FleetStatus.Place::isPresent)
                    .count());
            for (FleetStatus.Decided service : status.services()) {
                decided.add(service.epoch(), service.service());
                if (status.isFollowedHere(service)) {
                    here.add(service.here(), service.service());
                }
            }
        });
        return List.of(ready, trouble, members, present, decided, here);
    }
}
