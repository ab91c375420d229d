package dev.turnout.nginx;

import dev.turnout.routing.InFlight;
import dev.turnout.routing.Target;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The requests in flight at targets that nginx no longer sends to. Only workers that ran before the last reload can have
 * such requests, and workers from before an upgrade of nginx's program. When all old workers have ended, there are none.
 * While an old worker lives, the number is unknown: the worker may have no connection to the target, and still be reading an
 * upload for the target. Any thread.
 */
final class OldWorkers {

    private final NginxProcesses processes;
    private volatile Optional<Set<Long>> workers = Optional.empty();

    OldWorkers(NginxProcesses processes) {
        this.processes = processes;
    }

    /** Called before every reload. Workers from before an earlier reload are remembered as long as they live. */
    void remember(Optional<WorkerGeneration> before) {
        workers = before.map(generation -> {
            Set<Long> all = withBeforeUpgrade(generation.workers());
            all.addAll(processes.alive(workers.orElse(Set.of())));
            return Set.copyOf(all);
        });
    }

    /** Called at the start, with the workers that end because of an earlier run of Turnout. */
    void rememberLeaving(Optional<WorkerGeneration> now) {
        workers = now.map(generation -> Set.copyOf(withBeforeUpgrade(generation.leaving())));
    }

    private Set<Long> withBeforeUpgrade(Set<Long> some) {
        Set<Long> all = new HashSet<>(some);
        processes.beforeUpgrade().map(WorkerGeneration::workers).ifPresent(all::addAll);
        return all;
    }

    /** Returns what is in flight at targets that get nothing from the workers of now. */
    InFlight inFlightAt(Collection<Target> targets) {
        if (workers.isEmpty()) {
            return new InFlight.Unknown("nginx's processes are not seen behind turnout.nginx.pid ("
                    + processes.pidFile() + "), so when its old workers have ended is not known");
        }
        List<Long> alive = processes.alive(withBeforeUpgrade(workers.get()));
        if (alive.isEmpty()) {
            return new InFlight.Known(0, 0);
        }
        String connections = targets.stream()
                .map(target -> processes.connectionsTo(target) + " to " + target)
                .collect(Collectors.joining(", "));
        return new InFlight.Unknown("nginx's old workers (processes " + alive
                + ") have not ended; connections open there," + " of theirs or of others: " + connections);
    }
}
