package dev.turnout.health;

import dev.turnout.config.Durations;
import dev.turnout.routing.Target;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jboss.logging.Logger;

/** One pass of a {@link Gate}, on one event loop context. */
final class GateRun {

    private static final Logger LOG = Logger.getLogger(GateRun.class);
    private static final String CUT = "no answer before the deadline";

    private final Vertx vertx;
    private final ProbePlan plan;
    private final List<Candidate> candidates;
    private final Duration deadline;
    private final Consumer<GateProbe> progress;
    private final Promise<GateReport> report = Promise.promise();
    private final long startedNanos = System.nanoTime();

    /** A target and its probes so far. */
    private static final class Candidate {
        private final Target target;
        private final ProbePlan plan;
        private final Tally tally = new Tally();
        private final Deque<ProbeResult> probes = new ArrayDeque<>();
        private int good;
        private int count;
        private boolean isOutOfTime;

        private final ListenerWatch listener;
        private Optional<String> ended = Optional.empty();

        private Candidate(Target target, ProbePlan plan, ListenerWatch listener) {
            this.target = target;
            this.plan = plan;
            this.listener = listener;
        }

        private void add(ProbeResult result) {
            good = result.good() ? good + 1 : 0;
            count++;
            tally.add(result.cause());
            if (probes.size() == Gate.PROBES_KEPT) {
                probes.removeFirst();
            }
            probes.addLast(result);
        }

        private TargetGate report(int rise) {
            return new TargetGate(
                    target,
                    good >= rise,
                    good,
                    count,
                    Optional.ofNullable(probes.peekLast()),
                    tally.toString(),
                    List.copyOf(probes),
                    ended);
        }
    }

    /** @param plans how each target is probed; the times and the terms are those of the first */
    GateRun(
            Vertx vertx,
            Function<Target, ProbePlan> plans,
            ListeningProcesses processes,
            List<Target> targets,
            Duration deadline,
            Consumer<GateProbe> progress) {
        this.vertx = vertx;
        this.plan = plans.apply(targets.get(0));
        this.candidates = targets.stream()
                .map(target -> new Candidate(target, plans.apply(target), new ListenerWatch(vertx, processes, target)))
                .toList();
        this.deadline = deadline;
        this.progress = progress;
    }

    Future<GateReport> start() {
        candidates.forEach(candidate -> candidate.listener.begin());
        candidates.forEach(this::probe);
        return report.future();
    }

    /** Probes a target. A failure is ignored if the deadline left the probe less than half of its timeout. */
    private void probe(Candidate candidate) {
        Duration begun = elapsed();
        Duration left = deadline.minus(begun);
        if (left.toMillis() < 1) {
            outOfTime(candidate);
        } else if (!report.future().isComplete()) {
            Duration timeout = Durations.shorter(left, plan.timeout());
            try {
                Probe.send(vertx, candidate.target, candidate.plan.withTimeout(timeout))
                        .onSuccess(result -> {
                            boolean isCut = timeout == left && result.cause().equals(ProbeResult.TIMEOUT);
                            try {
                                if (!isCut) {
                                    add(candidate, result);
                                } else if (candidate.probes.isEmpty()
                                        || left.multipliedBy(2).compareTo(plan.timeout()) > 0) {
                                    add(candidate, result.withCause(CUT));
                                }
                            } finally {
                                pause(candidate, begun);
                            }
                        });
            } catch (RuntimeException | Error broken) {
                // The change has the lock of its service until this gate ends.
                LOG.errorf(broken, "%s could not be probed", candidate.target);
                pause(candidate, begun);
            }
        }
    }

    private void pause(Candidate candidate, Duration begun) {
        Duration wait = begun.plus(plan.interval()).minus(elapsed());
        Duration left = deadline.minus(elapsed());
        vertx.setTimer(Math.max(1, Durations.shorter(wait, left).toMillis()), timer -> probe(candidate));
    }

    private void outOfTime(Candidate candidate) {
        candidate.isOutOfTime = true;
        if (candidates.stream().allMatch(each -> each.isOutOfTime)) {
            end(false);
        }
    }

    private void add(Candidate candidate, ProbeResult result) {
        if (report.future().isComplete()) {
            return;
        }
        candidate.add(result);
        tell(new GateProbe(candidate.target, result, plan.path(), candidate.good, plan.rise(), elapsed(), deadline));
        if (candidates.stream().allMatch(each -> each.good >= plan.rise())) {
            end(true);
            return;
        }
        candidate.listener.after(result).onSuccess(ended -> {
            if (ended.isPresent()) {
                candidate.ended = ended;
                end(false);
            }
        });
    }

    /** Calls the listener. Catches what the listener throws: without the next probe the gate would never end. */
    private void tell(GateProbe probe) {
        try {
            progress.accept(probe);
        } catch (RuntimeException | Error broken) {
            LOG.errorf(broken, "A listener failed at a probe of %s", probe.target());
        }
    }

    /** Ends the gate, unless it has ended. The gate is not passed. */
    void giveUp() {
        end(false);
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    private void end(boolean passed) {
        report.tryComplete(new GateReport(
                passed,
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos),
                candidates.stream()
                        .map(candidate -> candidate.report(plan.rise()))
                        .toList(),
                new GateReport.Terms(plan.path(), plan.status().toString(), plan.rise(), deadline)));
    }
}
