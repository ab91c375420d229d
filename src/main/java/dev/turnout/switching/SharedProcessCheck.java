package dev.turnout.switching;

import dev.turnout.health.ListeningProcesses;
import dev.turnout.routing.Service;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The check whether one process listens behind both slots of a service. The check takes long on a machine with many
 * sockets, so switches in quick succession share one result.
 */
final class SharedProcessCheck {

    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final ListeningProcesses processes = new ListeningProcesses();
    private final Map<String, Look> looks = new ConcurrentHashMap<>();

    private record Look(long atNanos, Optional<String> said) {}

    /** Returns a warning if one process listens behind both slots. Blocks. */
    Optional<String> of(Service service) {
        return looks.compute(service.name(), (name, last) -> isFresh(last) ? last : look(service))
                .said();
    }

    private static boolean isFresh(@Nullable Look last) {
        return last != null && System.nanoTime() - last.atNanos() < FRESH_NANOS;
    }

    private Look look(Service service) {
        Optional<String> said = processes
                .sharedBy(service.blue().targets(), service.green().targets())
                .map(shared -> shared + ".");
        return new Look(System.nanoTime(), said);
    }
}
