package dev.turnout.health;

import dev.turnout.routing.Target;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.ext.web.codec.BodyCodec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** The requests of a warm-up at one target, in rounds, a few at a time; and the result of each path. */
final class WarmUpTarget {

    /** How many requests are in flight at a time. A browser opens about as many connections. */
    static final int AT_A_TIME = 4;

    private static final int FIRST_BAD_STATUS = 400;

    /** A round is faster if it takes this part of the time. Less than a tenth is noise. */
    private static final double FASTER = 0.9;

    /** How many rounds without gain end the warm-up. One slow round may be an accident. */
    private static final int ROUNDS_WITHOUT_GAIN = 2;

    private final ProbeClient client;
    private final Target target;
    private final ProbePlan probe;
    private final WarmUpPlan plan;
    private final Map<String, PathTally> paths = new TreeMap<>();
    private final List<Long> firstNanos = new ArrayList<>();
    private final Deque<String> waiting = new ArrayDeque<>();
    private List<Long> roundNanos = new ArrayList<>();
    private Promise<WarmUpRound> ended = Promise.promise();
    private int rounds;
    private int open;
    private double best = Double.MAX_VALUE;
    private int roundsWithoutGain;
    private boolean isDone;
    private boolean isStopped;

    /** The result of one path. */
    private static final class PathTally {
        private long good;
        private long asked;
        private final Tally bad = new Tally();
        private long failures;
    }

    WarmUpTarget(ProbeClient client, Target target, ProbePlan probe, WarmUpPlan plan) {
        this.client = client;
        this.target = target;
        this.probe = probe;
        this.plan = plan;
        plan.paths().forEach(path -> paths.put(path, new PathTally()));
    }

    Target target() {
        return target;
    }

    /** Sends a round: every path as often as planned, in turns. Completes when the last request has ended. */
    Future<WarmUpRound> round() {
        rounds++;
        roundNanos = new ArrayList<>();
        ended = Promise.promise();
        for (int i = 0; i < plan.count(); i++) {
            waiting.addAll(plan.paths());
        }
        for (int i = 0; i < AT_A_TIME && !waiting.isEmpty(); i++) {
            send(waiting.poll());
        }
        return ended.future();
    }

    private void send(String path) {
        PathTally tally = Objects.requireNonNull(paths.get(path), path);
        tally.asked++;
        open++;
        long startedNanos = System.nanoTime();
        client.send(ProbeAddress.ofRequests(target), target, path, Optional.empty(), BodyCodec.none())
                .onComplete(answer -> {
                    open--;
                    if (isStopped) {
                        return;
                    }
                    if (answer.succeeded()) {
                        answered(tally, answer.result().status(), System.nanoTime() - startedNanos);
                    } else {
                        failed(tally, cause(answer.cause()));
                    }
                    next();
                });
    }

    private String cause(Throwable failure) {
        return probe.explain(failure).orElseGet(() -> String.valueOf(failure.getMessage()));
    }

    private void answered(PathTally tally, int status, long nanos) {
        if (status >= FIRST_BAD_STATUS) {
            failed(tally, Integer.toString(status));
            return;
        }
        tally.good++;
        roundNanos.add(nanos);
        if (rounds == 1 && firstNanos.size() < (plan.count() * plan.paths().size() + 1) / 2) {
            firstNanos.add(nanos);
        }
    }

    private static void failed(PathTally tally, String cause) {
        tally.failures++;
        tally.bad.add(cause);
    }

    private void next() {
        if (!waiting.isEmpty()) {
            send(waiting.poll());
        } else if (open == 0) {
            end();
        }
    }

    private void end() {
        double p95 = roundNanos.isEmpty() ? 0 : WarmUpRun.p95Millis(roundNanos);
        roundsWithoutGain = p95 < best * FASTER ? 0 : roundsWithoutGain + 1;
        best = Math.min(best, p95);
        isDone = !plan.settle() || roundNanos.isEmpty() || hasSettled();
        ended.complete(new WarmUpRound(target, rounds, requests(), failures(), p95));
    }

    /** Stops sending and counting. */
    void stop() {
        isStopped = true;
    }

    /** Returns true if responses have stopped getting faster. */
    boolean hasSettled() {
        return roundsWithoutGain >= ROUNDS_WITHOUT_GAIN && !roundNanos.isEmpty();
    }

    /** Returns true if no further round follows. */
    boolean isDone() {
        return isDone;
    }

    /** Returns how long each request of the first half of the first round took. Nanoseconds. */
    List<Long> firstNanos() {
        return firstNanos;
    }

    /** Returns how long each request of the second half of the last round took. Nanoseconds. */
    List<Long> lastNanos() {
        return roundNanos.isEmpty() ? firstNanos : roundNanos.subList(roundNanos.size() / 2, roundNanos.size());
    }

    long requests() {
        return paths.values().stream()
                .mapToLong(tally -> tally.good + tally.failures)
                .sum();
    }

    long failures() {
        return paths.values().stream().mapToLong(tally -> tally.failures).sum();
    }

    /** Returns a complaint for each path with a failed request, or without any response. */
    List<String> complaints() {
        List<String> complaints = new ArrayList<>();
        paths.forEach((path, tally) -> {
            if (tally.failures > 0) {
                complaints.add("GET " + path + " failed at " + target + ": " + tally.bad);
            } else if (tally.good == 0) {
                complaints.add("GET " + path + " was not answered at " + target + " before the deadline, " + tally.asked
                        + " times");
            }
        });
        return complaints;
    }
}
