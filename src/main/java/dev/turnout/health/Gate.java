package dev.turnout.health;

import dev.turnout.routing.Target;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The gate before traffic: proves targets healthy by probes of its own.
 *
 * <p>The gate ends early if it cannot be passed: a process that listened has ended, see {@link ListenerWatch}.
 *
 * <p>The gate passes when the last {@code rise} probes of every target were good. A target that was good early and has
 * failed since is not healthy.
 */
public final class Gate {

    /** The number of a target's last probes that a report holds. */
    static final int PROBES_KEPT = 240;

    private final Vertx vertx;
    private final ProbePlans plans;
    private final HealthMonitor monitor;
    private final ListeningProcesses processes = new ListeningProcesses();

    /**
     * @param plans how targets are probed
     * @param monitor is told of the targets that have been proved
     */
    public Gate(Vertx vertx, ProbePlans plans, HealthMonitor monitor) {
        this.vertx = vertx;
        this.plans = plans;
        this.monitor = monitor;
    }

    /**
     * Probes some targets of a service, in rotation or not. Ends when all are healthy at the same time, or at the
     * deadline. Any thread.
     *
     * @param service its name
     * @param targets at least one; each is spoken to in its own way, at the times of the first
     * @param deadline from now
     * @param progress is called for every probe, on an event loop: must not block
     * @param givenUp ends the gate early, not passed, when it completes
     * @return completes on an event loop, at the deadline at the latest; exceptionally only on a fault of Turnout's own
     */
    public CompletionStage<GateReport> prove(
            String service,
            List<Target> targets,
            Duration deadline,
            Consumer<GateProbe> progress,
            CompletionStage<?> givenUp) {
        CompletableFuture<GateReport> report = new CompletableFuture<>();
        Context context = vertx.getOrCreateContext();
        context.runOnContext(now -> {
            try {
                GateRun run =
                        new GateRun(vertx, target -> plans.of(service, target), processes, targets, deadline, progress);
                run.start().onSuccess(ended -> {
                    report.complete(ended);
                    tellMonitor(service, ended);
                });
                givenUp.thenRun(() -> context.runOnContext(then -> run.giveUp()));
            } catch (RuntimeException | Error broken) {
                report.completeExceptionally(broken);
            }
        });
        return report;
    }

    private void tellMonitor(String service, GateReport ended) {
        if (ended.passed()) {
            ended.targets()
                    .forEach(target -> monitor.proved(
                            service, target.target(), target.last().orElseThrow(), target.good()));
        }
    }
}
