package dev.turnout.health;

import dev.turnout.routing.Target;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The warm-up of targets. Targets do their slow first work before clients wait for it: they compile, fill caches, and
 * connect to what they need.
 */
public final class WarmUp {

    private final Vertx vertx;
    private final Function<String, WarmUpPlan> plans;
    private final ProbePlans probes;

    /**
     * @param plans returns which requests are sent to targets of a service; asked before each warm-up
     * @param probes how targets are probed: they are spoken to in the same way
     */
    public WarmUp(Vertx vertx, Function<String, WarmUpPlan> plans, ProbePlans probes) {
        this.vertx = vertx;
        this.plans = plans;
        this.probes = probes;
    }

    /** Returns which requests are sent to targets of a service. */
    public WarmUpPlan plan(String service) {
        return plans.apply(service);
    }

    /**
     * Sends the planned requests to some targets of a service, to all targets at once. Any thread.
     *
     * @param service its name
     * @param targets at least one
     * @param progress is called for every round at each target, on an event loop: must not block
     * @param givenUp ends the warm-up early when it completes
     * @return completes on an event loop, at the plan's deadline at the latest; exceptionally only on a fault of
     *     Turnout's own
     */
    public CompletionStage<WarmUpReport> run(
            String service, List<Target> targets, Consumer<WarmUpRound> progress, CompletionStage<?> givenUp) {
        CompletableFuture<WarmUpReport> report = new CompletableFuture<>();
        Context context = vertx.getOrCreateContext();
        context.runOnContext(now -> {
            try {
                WarmUpRun run =
                        new WarmUpRun(vertx, plan(service), target -> probes.of(service, target), targets, progress);
                run.start().onSuccess(report::complete);
                givenUp.thenRun(() -> context.runOnContext(then -> run.end()));
            } catch (RuntimeException | Error broken) {
                report.completeExceptionally(broken);
            }
        });
        return report;
    }
}
