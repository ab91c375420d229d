package dev.turnout.health;

import dev.turnout.routing.Target;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jboss.logging.Logger;

/** One pass of a {@link WarmUp}, on one event loop context. To close its client ends the requests without a response. */
final class WarmUpRun {

    private static final Logger LOG = Logger.getLogger(WarmUpRun.class);
    private static final double NANOS_PER_MILLI = 1e6;

    private final Vertx vertx;
    private final WarmUpPlan plan;
    private final Consumer<WarmUpRound> progress;
    private final Map<ProbePlan, ProbeClient> clients = new HashMap<>();
    private final List<WarmUpTarget> targets = new ArrayList<>();
    private final Promise<WarmUpReport> report = Promise.promise();
    private final long startedNanos = System.nanoTime();
    private long timer;

    /** @param probes how each target is spoken to */
    WarmUpRun(
            Vertx vertx,
            WarmUpPlan plan,
            Function<Target, ProbePlan> probes,
            List<Target> targets,
            Consumer<WarmUpRound> progress) {
        this.vertx = vertx;
        this.plan = plan;
        this.progress = progress;
        targets.forEach(target -> this.targets.add(target(target, probes.apply(target))));
    }

    private WarmUpTarget target(Target target, ProbePlan probe) {
        ProbeClient client = clients.computeIfAbsent(
                probe, each -> ProbeClient.of(vertx, each, "turnout-warm-up", WarmUpTarget.AT_A_TIME));
        return new WarmUpTarget(client, target, probe, plan);
    }

    Future<WarmUpReport> start() {
        timer = vertx.setTimer(plan.deadline().toMillis(), id -> end());
        // The client looks a name up on the event loop, which must not wait. After this the JVM has cached the address.
        targets.forEach(target -> ProbeAddress.known(vertx, target.target()).onComplete(known -> round(target)));
        return report.future();
    }

    private void round(WarmUpTarget target) {
        if (report.future().isComplete()) {
            return;
        }
        target.round().onSuccess(round -> {
            if (report.future().isComplete()) {
                return;
            }
            tell(round);
            if (!target.isDone()) {
                round(target);
            } else if (targets.stream().allMatch(WarmUpTarget::isDone)) {
                end();
            }
        });
    }

    /** Calls the listener. Catches what the listener throws: the warm-up goes on. */
    private void tell(WarmUpRound round) {
        try {
            progress.accept(round);
        } catch (RuntimeException | Error broken) {
            LOG.errorf(broken, "A listener failed at a round of the warm-up of %s", round.target());
        }
    }

    /** Ends the warm-up, unless it has ended. */
    void end() {
        if (report.future().isComplete()) {
            return;
        }
        vertx.cancelTimer(timer);
        targets.forEach(WarmUpTarget::stop);
        List<String> complaints = new ArrayList<>();
        targets.forEach(target -> complaints.addAll(target.complaints()));
        report.complete(new WarmUpReport(
                targets.stream().mapToLong(WarmUpTarget::requests).sum(),
                targets.stream().mapToLong(WarmUpTarget::failures).sum(),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos),
                p95(),
                targets.stream().allMatch(WarmUpTarget::isDone),
                plan.settle() ? Optional.of(targets.stream().allMatch(WarmUpTarget::hasSettled)) : Optional.empty(),
                complaints));
        clients.values().forEach(ProbeClient::close);
    }

    /** Returns the times of all targets together. */
    private Optional<WarmUpReport.P95> p95() {
        List<Long> first = new ArrayList<>();
        List<Long> last = new ArrayList<>();
        targets.forEach(target -> {
            first.addAll(target.firstNanos());
            last.addAll(target.lastNanos());
        });
        return first.isEmpty()
                ? Optional.empty()
                : Optional.of(new WarmUpReport.P95(p95Millis(first), p95Millis(last)));
    }

    /** Returns the 95th percentile, rounded to tenths. Milliseconds. */
    static double p95Millis(List<Long> nanos) {
        List<Long> sorted = nanos.stream().sorted().toList();
        long p95 = sorted.get((int) Math.ceil(sorted.size() * 0.95) - 1);
        return Math.round(p95 / NANOS_PER_MILLI * 10) / 10.0;
    }
}
