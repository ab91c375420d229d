package dev.turnout.health;

import dev.turnout.routing.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * The watch over the process that listens behind a target of this machine, during one gate.
 *
 * <p>A gate need not wait any longer if a process has listened during the gate, has ended, and nothing listens now. A port
 * that nobody has listened to yet says nothing: a process may still start. Nothing is known of other machines, and of the
 * processes of other users without the right to see them. One event loop context.
 */
final class ListenerWatch {

    /** A look at all processes takes some milliseconds. */
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    private final Vertx vertx;
    private final ListeningProcesses processes;
    private final Target target;
    private Optional<ListeningProcess> seen = Optional.empty();
    private boolean isLooking;
    private long nextLookNanos = System.nanoTime();

    ListenerWatch(Vertx vertx, ListeningProcesses processes, Target target) {
        this.vertx = vertx;
        this.processes = processes;
        this.target = target;
    }

    /** Looks for the process, unless that is known already. */
    void begin() {
        if (seen.isEmpty() && !isLooking && System.nanoTime() - nextLookNanos >= 0) {
            isLooking = true;
            look(() -> processes.behind(target)).onComplete(found -> {
                isLooking = false;
                nextLookNanos = System.nanoTime() + BETWEEN_LOOKS.toNanos();
                seen = found.succeeded() ? found.result() : Optional.empty();
            });
        }
    }

    /** Called after a probe. Completes with half a sentence if the process has ended; else with an empty one. */
    Future<Optional<String>> after(ProbeResult probe) {
        if (!probe.cause().equals(ProbeResult.REFUSED)) {
            begin();
            return Future.succeededFuture(Optional.empty());
        }
        return seen.isEmpty() ? Future.succeededFuture(Optional.empty()) : ended(seen.get());
    }

    private Future<Optional<String>> ended(ListeningProcess process) {
        return look(() -> processes.haveLeft(process))
                .map(haveLeft -> haveLeft
                        ? Optional.of("the process that listened on " + target + " (" + process + ") has ended")
                        : Optional.<String>empty())
                .otherwise(Optional.empty());
    }

    /** Looks on a thread that may block. Fails if there is none, as when the system gives no more threads. */
    private <T> Future<T> look(Callable<T> look) {
        try {
            return vertx.executeBlocking(look, false);
        } catch (RuntimeException | Error e) {
            return Future.failedFuture(e);
        }
    }
}
