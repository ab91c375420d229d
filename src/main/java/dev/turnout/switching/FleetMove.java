package dev.turnout.switching;

import dev.turnout.fleet.FleetRefused;
import dev.turnout.fleet.ServiceMove;
import dev.turnout.routing.Service;
import dev.turnout.routing.TargetChange;
import java.util.List;
import java.util.Optional;

/**
 * The services that a configuration adds and removes, as far as a fleet decides on them: to be closed when the configuration
 * is in force, or is not to be. Without a fleet it does nothing.
 */
final class FleetMove implements AutoCloseable {

    private final List<TargetChange> planned;
    private final Optional<ServiceMove> move;

    private FleetMove(List<TargetChange> planned, Optional<ServiceMove> move) {
        this.planned = planned;
        this.move = move;
    }

    /**
     * Has the fleet decide on the services that come. Blocks.
     *
     * @throws ChangeRefused if the configuration is not to be in force
     */
    static FleetMove begin(FleetPart fleet, List<TargetChange> changes) {
        List<Service> added = changes.stream()
                .filter(change -> change.before().isEmpty())
                .flatMap(change -> change.after().stream())
                .toList();
        List<String> removed = changes.stream()
                .filter(change -> change.after().isEmpty())
                .map(TargetChange::service)
                .toList();
        if (added.isEmpty() && removed.isEmpty()) {
            return new FleetMove(changes, Optional.empty());
        }
        try {
            Optional<ServiceMove> move = fleet.member().flatMap(member -> member.move(added, removed));
            return new FleetMove(move.map(begun -> decided(begun, changes)).orElse(changes), move);
        } catch (FleetRefused refused) {
            throw FleetPart.refusal(refused);
        }
    }

    private static List<TargetChange> decided(ServiceMove move, List<TargetChange> changes) {
        return changes.stream()
                .map(change -> Optional.ofNullable(move.decided().get(change.service()))
                        .map(service -> new TargetChange(service.name(), Optional.empty(), Optional.of(service)))
                        .orElse(change))
                .toList();
    }

    /** Returns what changes: services that are added as the fleet has decided them. */
    List<TargetChange> planned() {
        return planned;
    }

    @Override
    public void close() {
        move.ifPresent(ServiceMove::close);
    }
}
