package dev.turnout.switching;

import dev.turnout.config.DaemonThread;
import dev.turnout.health.Health;
import dev.turnout.health.HealthMonitor;
import dev.turnout.routing.Command.AddTarget;
import dev.turnout.routing.Command.ExpireTarget;
import dev.turnout.routing.Outcome;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.routing.Transition;
import dev.turnout.routing.Warning;
import dev.turnout.switching.Adjustment.TargetList;
import dev.turnout.switching.SwitchOrder.Until;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The times of targets that have to be renewed. A target that is not renewed in time is taken from its slot, and drained. In
 * a fleet it is only taken once it is not up: it may be renewed at another member.
 *
 * <p>The routing state says which targets have a lease, and for how long. When a lease ends is known to this process only:
 * a renewal writes nothing, and a start gives each target its whole time again. Any thread.
 */
public final class Leases {

    private static final Logger LOG = Logger.getLogger(Leases.class);
    private static final long LOOK_MILLIS = 500;
    private static final ChangeNote NOTE = ChangeNote.of("lease");

    private final CurrentState current;
    private final Changes changes;
    private final Adjuster adjuster;
    private final HealthMonitor monitor;
    private final Clock clock;
    private final BooleanSupplier isInFleet;
    private final LeaseEnds<Lease> ends = new LeaseEnds<>(Lease::time);
    private final Set<Lease> overdue = ConcurrentHashMap.newKeySet();
    private @Nullable ScheduledExecutorService thread;

    private record Lease(String service, Slot slot, Target target, Duration time) {}

    /** @param isInFleet whether the fleet decides changes now */
    Leases(
            CurrentState current,
            Changes changes,
            Adjuster adjuster,
            HealthMonitor monitor,
            Clock clock,
            BooleanSupplier isInFleet) {
        this.current = current;
        this.changes = changes;
        this.adjuster = adjuster;
        this.monitor = monitor;
        this.clock = clock;
        this.isInFleet = isInFleet;
    }

    /** Starts to look for leases that have ended, on a new thread. */
    public synchronized void begin() {
        thread = Executors.newSingleThreadScheduledExecutor(task -> DaemonThread.of("turnout-leases", task));
        thread.scheduleWithFixedDelay(this::lookAgain, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Stops to look. */
    public synchronized void stop() {
        if (thread != null) {
            thread.shutdownNow();
        }
    }

    /**
     * Renews the lease of a target that is added once more, with the same lease. Waits for no lock, and writes nothing.
     *
     * @return the report of a change that changes nothing; empty if the target has another lease or none, or is being removed
     */
    public Optional<AdjustmentReport> renew(AdjustmentOrder order, AddTarget add) {
        Service now = current.service(order.service());
        order.expectation().check(now);
        Optional<Duration> known =
                Optional.ofNullable(now.pool(add.slot()).leases().get(add.target()));
        if (known.isEmpty() || !known.equals(add.lease())) {
            return Optional.empty();
        }
        Lease lease = new Lease(now.name(), add.slot(), add.target(), known.get());
        if (!ends.renew(lease, System.nanoTime())) {
            return Optional.empty();
        }
        if (overdue.remove(lease)) {
            LOG.infof("%s: %s of slot %s is renewed again", now.name(), lease.target(), lease.slot());
        }
        return Optional.of(renewed(now, order));
    }

    private AdjustmentReport renewed(Service now, AdjustmentOrder order) {
        Instant at = clock.instant();
        StepResults nothing = new StepResults(
                false,
                now,
                at,
                Optional.of(at),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty());
        return new AdjustmentReport(nothing, order.adjustment());
    }

    /** Returns a warning for each target of a service that stays although it was not renewed. */
    List<Warning> warnings(Service service) {
        return overdue.stream()
                .filter(lease -> lease.service().equals(service.name()))
                .sorted(Comparator.comparing(lease -> lease.target().toString()))
                .map(lease -> new Warning("target-overdue", kept(lease), keptInKorean(lease)))
                .toList();
    }

    private static String keptInKorean(Lease lease) {
        return "슬롯 " + lease.slot() + "의 대상 " + lease.target() + "이(가) "
                + lease.time().toSeconds() + "초 안에 등록을 갱신하지 않았지만 트래픽을 받을 다른 대상이 없어 남겨 둡니다.";
    }

    private static String kept(Lease lease) {
        return "Target " + lease.target() + " of slot " + lease.slot() + " was not renewed within "
                + lease.time().toSeconds() + " s, and stays: no other target in rotation is up there.";
    }

    /** Looks once more. An exception does not end the schedule. */
    private void lookAgain() {
        try {
            look();
        } catch (RuntimeException e) {
            LOG.error("The times of targets could not be looked at", e);
        }
    }

    private void look() {
        long now = System.nanoTime();
        Set<Lease> leases =
                current.get().services().values().stream().flatMap(Leases::of).collect(Collectors.toSet());
        ends.retain(leases);
        overdue.retainAll(leases);
        Set<String> asked = new HashSet<>();
        for (Lease lease : leases) {
            if (changes.ongoing(lease.service()).isEmpty()
                    && !asked.contains(lease.service())
                    && ends.claim(lease, now)
                    && beginRemoval(lease)) {
                asked.add(lease.service());
            }
        }
    }

    private static Stream<Lease> of(Service service) {
        List<Lease> leases = new ArrayList<>();
        for (Slot slot : Slot.values()) {
            service.pool(slot)
                    .leases()
                    .forEach((target, time) -> leases.add(new Lease(service.name(), slot, target, time)));
        }
        return leases.stream();
    }

    /** Begins to remove a target, if it may go. Returns true if a change has begun. */
    private boolean beginRemoval(Lease lease) {
        Service service = current.service(lease.service());
        Set<Target> up = up(service);
        if (isInFleet.getAsBoolean() && up.contains(lease.target())) {
            ends.giveBack(lease);
            return false;
        }
        ExpireTarget command = new ExpireTarget(lease.slot(), lease.target(), up);
        if (Transition.apply(service, command, clock.instant(), command.describe()) instanceof Outcome.Refused) {
            if (overdue.add(lease)) {
                LOG.errorf("%s: %s Is the instance gone?", lease.service(), kept(lease));
            }
            ends.giveBack(lease);
            return false;
        }
        try {
            adjuster.begin(new AdjustmentOrder(
                            lease.service(),
                            new TargetList(command),
                            Until.SWITCHED,
                            false,
                            false,
                            ExpectedRevision.none(),
                            NOTE))
                    .whenComplete((report, failure) -> over(lease, failure == null));
            return true;
        } catch (ChangeRefused later) {
            LOG.debugf(later, "%s: %s could not be removed now", lease.service(), lease.target());
            ends.giveBack(lease);
            return false;
        }
    }

    private void over(Lease lease, boolean isRemoved) {
        if (isRemoved) {
            ends.forget(lease);
        } else {
            ends.giveBack(lease);
        }
    }

    private Set<Target> up(Service service) {
        return Stream.of(Slot.values())
                .flatMap(slot -> service.pool(slot).targets().stream())
                .filter(target -> monitor.of(service.name(), target).health() == Health.UP)
                .collect(Collectors.toSet());
    }
}
