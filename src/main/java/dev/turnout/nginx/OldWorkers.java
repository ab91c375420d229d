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
 * What can honestly be known about requests in flight at a target that nginx no longer sends to. Only the workers that
 * ran before the last reload can have one. When all of them have ended there is none; while one lives nobody knows: it
 * may hold no connection to the target and still be reading the upload that it will pass there. Any thread.
 */
final class OldWorkers {

    private final NginxProcesses processes;
    private volatile Optional<Set<Long>> workers = Optional.empty();

    OldWorkers(NginxProcesses processes) {
        this.processes = processes;
    }

    /** To be told before every reload; those that a reload before has left behind are remembered as long as they live. */
    void remember(Optional<WorkerGeneration> before) {
        workers = before.map(generation -> {
            Set<Long> all = new HashSet<>(generation.workers());
            all.addAll(processes.alive(workers.orElse(Set.of())));
            return Set.copyOf(all);
        });
    }

    /** To be told at the start: the workers that an earlier run of Turnout has sent away. */
    void rememberLeaving(Optional<WorkerGeneration> now) {
        workers = now.map(WorkerGeneration::leaving);
    }

    /** What is in flight at targets that get nothing from the workers of now. */
    InFlight inFlightAt(Collection<Target> targets) {
        if (workers.isEmpty()) {
            return new InFlight.Unknown("nginx's processes are not seen behind turnout.nginx.pid ("
                    + processes.pidFile() + "), so when its old workers have ended is not known");
        }
        List<Long> alive = processes.alive(workers.get());
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
