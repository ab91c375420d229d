package dev.turnout.switching;

import dev.turnout.health.Health;
import dev.turnout.health.TargetHealth;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.SlotRelease;
import dev.turnout.routing.Target;
import dev.turnout.routing.Warning;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The rule which build a slot has after a change.
 *
 * <p>A caller that names a version is believed. Without a name, the recorded version holds only as long as no target of the
 * slot has been down since: after that, another build may run there. Any thread.
 */
final class SlotVersions {

    /** The targets that have been down since the release of their slot was recorded. */
    private final Set<Key> restarted = ConcurrentHashMap.newKeySet();

    private record Key(String service, Target target) {}

    /** Called when the health of a target has changed. */
    void healthChanged(String service, Target target, TargetHealth after) {
        if (after.health() == Health.DOWN) {
            restarted.add(new Key(service, target));
        }
    }

    /**
     * Returns the state after a change, with the release of the slot that gets traffic.
     *
     * @param isSame whether the change is about the build that the slot has already, as a rollback is
     */
    Service recorded(Service next, Slot slot, boolean isSame, Change change) {
        ChangeNote note = change.note();
        boolean isKnown = next.releases().of(slot).isPresent() && !isRestarted(next, slot);
        if (note.version().isEmpty() && (isSame || isKnown)) {
            return next;
        }
        return next.withRelease(
                slot, new SlotRelease(note.version(), note.by().orElse(note.caller()), change.since(), note.note()));
    }

    /**
     * Called when a change's state is in force.
     *
     * @param since the beginning of the change: a release of this time was recorded by it
     */
    void inForce(Service service, Instant since) {
        restarted.removeIf(key -> key.service().equals(service.name())
                && service.slotOf(key.target()).isEmpty());
        for (Slot slot : Slot.values()) {
            if (service.releases()
                    .of(slot)
                    .filter(release -> release.at().equals(since))
                    .isPresent()) {
                service.pool(slot).targets().forEach(target -> restarted.remove(new Key(service.name(), target)));
            }
        }
    }

    private boolean isRestarted(Service service, Slot slot) {
        return service.pool(slot).targets().stream()
                .anyMatch(target -> restarted.contains(new Key(service.name(), target)));
    }

    /** Returns a warning if both slots have the same version. */
    static Optional<Warning> warning(Service service) {
        return service.releases()
                .common()
                .map(version -> new Warning(
                        "same-version",
                        "Slot blue " + service.blue().targets() + " and slot green "
                                + service.green().targets() + " have the same build: version " + version
                                + " and version " + version + ". A switch or a rollback between them changes nothing.",
                        "슬롯 blue" + service.blue().targets() + "와 슬롯 green"
                                + service.green().targets() + "의 빌드가 같습니다(버전 " + version
                                + "). 서로 전환하거나 되돌려도 바뀌는 것이 없습니다."));
    }
}
