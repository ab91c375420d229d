package dev.turnout.switching;

import dev.turnout.fleet.FleetTraffic;
import dev.turnout.health.Gate;
import dev.turnout.health.GateReport;
import dev.turnout.health.HealthMonitor;
import dev.turnout.routing.HoldControl;
import dev.turnout.routing.InFlight;
import dev.turnout.routing.RequestsInFlight;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.routing.TrafficCapabilities;
import dev.turnout.routing.TrafficCounters;
import dev.turnout.store.BoundedJson;
import dev.turnout.switching.FleetCourse.Sides;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/** What this Turnout does with its traffic when the fleet has decided. Called by threads of the fleet. */
final class FleetFollower implements FleetTraffic {

    private static final Logger LOG = Logger.getLogger(FleetFollower.class);

    /** The report of each member goes into one receipt. */
    private static final int REPORT_BYTES = 8_192;

    private final HoldControl holds;
    private final TrafficCounters counters;
    private final RequestsInFlight inFlight;
    private final CurrentState current;
    private final Commit commit;
    private final Drain drain;
    private final Gate gate;
    private final HealthMonitor monitor;
    private final TrafficHistory history;
    private final SlotVersions versions;
    private final Changes changes;
    private final Announcer announcer;
    private final SwitchTimes times;
    private final HeldInDoubt heldInDoubt;
    private final Set<CompletableFuture<Void>> gates = ConcurrentHashMap.newKeySet();
    private final Map<String, Left> left = new ConcurrentHashMap<>();
    private final Map<String, Flip> flips = new ConcurrentHashMap<>();

    /** What a decision has left: targets that got requests before it, and get none by it. */
    private record Left(long epoch, Set<Target> targets) {}

    /**
     * The last switch.
     *
     * @param before what the slot from before had carried in the minutes before it
     * @param atFlip what the slot that serves had carried by then
     */
    private record Flip(Service decided, SlotTraffic before, SlotTraffic atFlip) {}

    FleetFollower(
            TrafficCapabilities traffic,
            CurrentState current,
            Commit commit,
            Drain drain,
            Gate gate,
            HealthMonitor monitor,
            TrafficHistory history,
            SlotVersions versions,
            Changes changes,
            Announcer announcer,
            SwitchTimes times,
            HeldInDoubt heldInDoubt) {
        this.holds = traffic.hold();
        this.counters = traffic.counters();
        this.inFlight = traffic.inFlight();
        this.current = current;
        this.commit = commit;
        this.drain = drain;
        this.gate = gate;
        this.monitor = monitor;
        this.history = history;
        this.versions = versions;
        this.changes = changes;
        this.announcer = announcer;
        this.times = times;
        this.heldInDoubt = heldInDoubt;
        changes.stopping().thenRun(() -> gates.forEach(each -> each.complete(null)));
    }

    @Override
    public Map<String, Service> services() {
        return current.get().services();
    }

    @Override
    public void hold(String service) {
        holds.hold(service).toCompletableFuture().join();
    }

    @Override
    public long kept(String service) {
        return counters.held(service);
    }

    @Override
    public long inFlight(String service) {
        return current.get()
                                .service(service)
                                .map(now -> inFlight.inFlight(service, now.allTargets()))
                                .orElse(new InFlight.Known(0, 0))
                        instanceof InFlight.Known known
                ? known.requests()
                : -1;
    }

    @Override
    public void release(String service) {
        holds.release(service);
    }

    @Override
    public void publish(Service decided) {
        Optional<Service> found = current.get().service(decided.name());
        if (found.isEmpty()) {
            LOG.warnf("The fleet has decided on service '%s', which is not configured here", decided.name());
            return;
        }
        Service before = found.get();
        Set<Target> gone = serving(before);
        gone.removeAll(serving(decided));
        left.put(decided.name(), new Left(decided.revision(), gone));
        boolean isSwitch = before.active() != decided.active();
        if (isSwitch) {
            SlotTraffic atFlip = SlotTraffic.of(counters, decided, decided.active());
            flips.put(decided.name(), new Flip(decided, history.lately(before), atFlip));
        }
        commit.follow(decided);
        holds.release(decided.name());
        versions.inForce(decided, decided.since());
        if (isSwitch) {
            history.beginAnew(decided);
        }
        monitor.watch(current::get);
        if (changes.ongoing(decided.name()).isEmpty()) {
            tell(before, decided);
        }
        commit.saveDecided();
    }

    private static Set<Target> serving(Service service) {
        Set<Target> serving = new LinkedHashSet<>(service.pool(service.active()).inRotation());
        service.canary()
                .ifPresent(canary -> serving.addAll(service.pool(service.idle()).inRotation()));
        return serving;
    }

    /** Tells of a change that another member has led. That one writes the journal. */
    private void tell(Service before, Service now) {
        LOG.infof(
                "%s: the fleet has decided, slot %s serves (before: %s), revision %d: %s",
                now.name(), now.active(), before.active(), now.revision(), now.why());
        announcer.announce(new ChangeEvent(
                now.name(),
                "changed",
                new JsonObject()
                        .put("service", now.name())
                        .put("changed", true)
                        .put("what", "a decision of the fleet: " + now.why())
                        .put("active", now.active().toString())
                        .put("revision", now.revision())));
    }

    @Override
    public JsonObject drain(Service decided) {
        Left gone = left.get(decided.name());
        // After a restart nothing is in flight that began before it.
        Set<Target> targets = gone != null && gone.epoch() == decided.revision() ? gone.targets() : Set.of();
        DrainReport report = drain.await(decided.name(), targets, progress -> {});
        return BoundedJson.within(DrainJson.of(report), REPORT_BYTES);
    }

    @Override
    public Optional<JsonObject> seen(String service, long epoch) {
        return Optional.ofNullable(flips.get(service))
                .filter(flip -> flip.decided().revision() == epoch)
                .map(flip -> {
                    SlotTraffic now = SlotTraffic.of(
                            counters, flip.decided(), flip.decided().active());
                    return WatchedMembers.json(new Sides(flip.before(), now.since(flip.atFlip())));
                });
    }

    @Override
    public String prove(Service next) {
        Slot slot = next.active();
        List<Target> targets = new ArrayList<>(next.pool(slot).targets());
        if (targets.isEmpty()) {
            return "slot " + slot + " has no targets";
        }
        // One for each gate: what waits for the stop itself stays until then.
        CompletableFuture<Void> givenUp = new CompletableFuture<>();
        gates.add(givenUp);
        if (changes.stopping().isDone()) {
            givenUp.complete(null);
        }
        try {
            GateReport report = gate.prove(next.name(), targets, times.gate(next.name()), probe -> {}, givenUp)
                    .toCompletableFuture()
                    .join();
            return report.passed() ? "" : report.explanation();
        } finally {
            gates.remove(givenUp);
        }
    }

    @Override
    public Duration gateTime(String service) {
        return times.gate(service);
    }

    @Override
    public Duration drainTime(String service) {
        return times.drain(service);
    }

    @Override
    public void heldInDoubt(String service, boolean isHeld) {
        heldInDoubt.set(service, isHeld);
    }

    @Override
    public void told(boolean isTrouble, String sentence) {
        if (isTrouble) {
            LOG.warnf("The fleet: %s. Changes are refused, and the traffic goes on.", sentence);
        } else {
            LOG.infof("The fleet: %s.", sentence);
        }
    }
}
