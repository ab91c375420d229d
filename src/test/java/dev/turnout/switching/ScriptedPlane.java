package dev.turnout.switching;

import dev.turnout.routing.ConnectAhead;
import dev.turnout.routing.CutRequest;
import dev.turnout.routing.CutRequests;
import dev.turnout.routing.DrainControl;
import dev.turnout.routing.HoldControl;
import dev.turnout.routing.InFlight;
import dev.turnout.routing.Latencies;
import dev.turnout.routing.PublishFailed;
import dev.turnout.routing.RehearsalControl;
import dev.turnout.routing.RehearsalFigures;
import dev.turnout.routing.RequestsInFlight;
import dev.turnout.routing.Retired;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.RoutingWarnings;
import dev.turnout.routing.Service;
import dev.turnout.routing.ServiceTotals;
import dev.turnout.routing.Target;
import dev.turnout.routing.TargetStatus;
import dev.turnout.routing.TargetTraffic;
import dev.turnout.routing.TrafficCounters;
import dev.turnout.routing.TrafficPlane;
import dev.turnout.routing.Warning;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A traffic plane that does what no real one can be made to do at will: fail to publish, not know, be slow to drain. */
final class ScriptedPlane
        implements TrafficPlane,
                RoutingWarnings,
                RequestsInFlight,
                DrainControl,
                TrafficCounters,
                TargetStatus,
                ConnectAhead,
                RehearsalControl,
                HoldControl {

    final List<RoutingState> published = new CopyOnWriteArrayList<>();
    final List<CutRequest> toBeCut = new CopyOnWriteArrayList<>();
    final AtomicInteger looks = new AtomicInteger();
    final AtomicInteger overruled = new AtomicInteger();
    final List<Target> retired = new CopyOnWriteArrayList<>();
    final List<Duration> retiredWithin = new CopyOnWriteArrayList<>();
    final List<Target> cut = new CopyOnWriteArrayList<>();
    final List<Target> connectedAhead = new CopyOnWriteArrayList<>();
    final Map<Target, TargetTraffic> traffic = new ConcurrentHashMap<>();
    volatile Retired ended = Retired.NOTHING;
    volatile boolean countsTraffic = true;
    volatile long held;
    final AtomicInteger rehearsalLooks = new AtomicInteger();
    volatile RehearsalFigures rehearsal = RehearsalFigures.NONE;
    volatile InFlight inFlight = new InFlight.Known(0, 0);
    /** Runs on the thread that publishes, before anything else. */
    volatile Runnable atPublish = () -> {};

    volatile Optional<String> publishFailure = Optional.empty();
    volatile Optional<String> objection = Optional.empty();
    volatile Optional<String> drift = Optional.empty();
    volatile Optional<String> driftAfterFailure = Optional.empty();

    @Override
    public CompletionStage<Void> publish(RoutingState state, OnDrift onDrift) {
        atPublish.run();
        if (onDrift == OnDrift.OVERWRITE) {
            overruled.incrementAndGet();
        }
        if (publishFailure.isPresent()) {
            drift = driftAfterFailure;
            return CompletableFuture.failedStage(new PublishFailed(publishFailure.get()));
        }
        published.add(state);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public InFlight inFlight(String service, Collection<Target> targets) {
        looks.incrementAndGet();
        return targets.isEmpty() ? new InFlight.Known(0, 0) : inFlight;
    }

    @Override
    public Retired retire(String service, Collection<Target> targets, Duration over) {
        retired.addAll(targets);
        retiredWithin.add(over);
        return ended;
    }

    @Override
    public CompletionStage<Integer> connectAhead(String service, Collection<Target> targets) {
        connectedAhead.addAll(targets);
        return CompletableFuture.completedStage(targets.size());
    }

    @Override
    public boolean isPossible() {
        return true;
    }

    @Override
    public void begin(String service, double percent) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void end(String service) {
        throw new UnsupportedOperationException();
    }

    @Override
    public RehearsalFigures figures(String service) {
        rehearsalLooks.incrementAndGet();
        return rehearsal;
    }

    @Override
    public CompletionStage<Void> hold(String service) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void release(String service) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long held(String service) {
        return held;
    }

    @Override
    public ServiceTotals totals(String service) {
        return ServiceTotals.NONE;
    }

    @Override
    public CompletionStage<CutRequests> cut(String service, Collection<Target> targets) {
        cut.addAll(targets);
        inFlight = new InFlight.Known(0, 0);
        return CompletableFuture.completedStage(CutRequests.of(toBeCut));
    }

    @Override
    public Map<Target, TargetTraffic> traffic(String service) {
        return traffic;
    }

    @Override
    public boolean areKept() {
        return countsTraffic;
    }

    /** Counts traffic of a target that never happened. */
    void carries(Target target, long requests, long errors, long millis) {
        traffic.merge(target, carried(requests, errors, millis), ScriptedPlane::sum);
    }

    /** Counts requests of a target that wait for a response. */
    void keepsWaiting(Target target, long requests) {
        traffic.merge(
                target,
                new TargetTraffic(
                        requests, requests, 0, 0, 0, 0, 0, 0, 0, 0, requests, 0, 0, 0, 0, 0, 0, Latencies.NONE),
                ScriptedPlane::sum);
    }

    private static TargetTraffic carried(long requests, long errors, long millis) {
        long[] counts = new long[Latencies.BUCKETS];
        counts[Latencies.bucket(TimeUnit.MILLISECONDS.toNanos(millis))] = requests;
        return new TargetTraffic(
                requests,
                0,
                requests - errors,
                0,
                errors,
                0,
                0,
                0,
                errors,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                Latencies.of(counts, 0));
    }

    private static TargetTraffic sum(TargetTraffic one, TargetTraffic other) {
        return new TargetTraffic(
                one.requests() + other.requests(),
                one.inFlight() + other.inFlight(),
                one.responses2xx3xx() + other.responses2xx3xx(),
                0,
                one.responses5xx() + other.responses5xx(),
                0,
                0,
                0,
                one.failed() + other.failed(),
                one.excused() + other.excused(),
                one.awaited() + other.awaited(),
                0,
                0,
                0,
                0,
                0,
                0,
                one.latencies().plus(other.latencies()));
    }

    @Override
    public Optional<String> objection(Service next) {
        return objection;
    }

    @Override
    public Optional<String> drift() {
        return drift;
    }

    @Override
    public List<Warning> warnings(String service) {
        return List.of();
    }

    @Override
    public void proved(String service, Collection<Target> targets) {}

    @Override
    public void probed(String service, Target target, boolean good, boolean isDown) {}

    @Override
    public Set<Target> suspended(String service) {
        return Set.of();
    }
}
