package dev.turnout.switching;

import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The drain of targets that have left a service while nobody waits for it. Others may change the service meanwhile. A target
 * that comes back is drained no more, even if it leaves again: that change has a drain and a time-out of its own. What is left
 * at the time-out is cut under the lock of the service. One thread.
 */
final class BackgroundDrain implements Drain.Subject {

    private final CurrentState current;
    private final Changes changes;
    private final Change change;
    private List<Target> left;

    /** @param change that has the lock */
    BackgroundDrain(CurrentState current, Changes changes, Change change, List<Target> left) {
        this.current = current;
        this.changes = changes;
        this.change = change;
        this.left = left;
    }

    @Override
    public Collection<Target> left() {
        Optional<Service> now = current.get().service(change.service());
        left = left.stream()
                .filter(target -> now.stream().noneMatch(service -> has(service, target)))
                .toList();
        return left;
    }

    private static boolean has(Service service, Target target) {
        return service.blue().targets().contains(target)
                || service.green().targets().contains(target);
    }

    @Override
    public <T> T during(Supplier<T> waiting) {
        return changes.standBack(change, waiting);
    }
}
