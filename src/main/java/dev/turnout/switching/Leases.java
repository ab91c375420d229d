package dev.turnout.switching;

import dev.turnout.config.DaemonThread;
import dev.turnout.fleet.Offers;
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
import dev.turnout.switching.KeptTargets.Place;
import dev.turnout.switching.OverdueTargets.Lease;
import dev.turnout.switching.OverdueTargets.Why;
import dev.turnout.switching.SwitchOrder.Until;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The times of targets that have to be renewed. A target that is not renewed in time is taken from its slot, and drained.
 *
 * <p>The routing state says which targets have a lease, and for how long. When a lease ends is known to this process only:
 * a renewal writes nothing to the disk, and a start gives each target its whole time again.
 *
 * <p>In a fleet one member takes the targets of a service away, and hears of the renewals at all members. As long as it can't, the time of no
 * target is over: each has its whole time again afterwards. No more than half of a slot is taken in some minutes while it is
 * up. Any thread.
 */
public final class Leases {

    private static final Logger LOG = Logger.getLogger(Leases.class);
    private static final long LOOK_MILLIS = 500;

    /** After a longer time without a look this process has stood still, and could hear of no renewal. */
    private static final long MOST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final ChangeNote NOTE = ChangeNote.of("lease");

    private final CurrentState current;
    private final Changes changes;
    private final Adjuster adjuster;
    private final HealthMonitor monitor;
    private final Clock clock;
    private final Supplier<Optional<Offers>> offers;
    private final Function<String, Election> elections;
    private final SharedRenewals shared;
    private final RemovalLimit limit = new RemovalLimit();
    private final LeaseEnds<Lease> ends = new LeaseEnds<>(Lease::time);
    private final Rests<Lease> rests = new Rests<>();
    private final OverdueTargets overdue = new OverdueTargets();
    private @Nullable ScheduledExecutorService thread;

    /** When the last look ended: one may take long by itself. For the thread of the looks. */
    private long lookedNanos = System.nanoTime();

    /**
     * @param elections say of each service who takes targets away
     * @param offers what the fleet knows of renewals; empty outside of it
     */
    Leases(
            CurrentState current,
            Changes changes,
            Adjuster adjuster,
            HealthMonitor monitor,
            Clock clock,
            Function<String, Election> elections,
            Supplier<Optional<Offers>> offers) {
        this.current = current;
        this.changes = changes;
        this.adjuster = adjuster;
        this.monitor = monitor;
        this.clock = clock;
        this.elections = elections;
        this.offers = offers;
        this.shared = new SharedRenewals(offers);
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
        shared.stop();
    }

    /**
     * Renews the lease of a target that is added once more, with the same lease. Waits for no lock, and changes nothing. In a
     * fleet the store is told before it is answered.
     *
     * @return the report of a change that changes nothing; empty if the target has another lease or none, or is being removed
     */
    public Optional<CompletionStage<AdjustmentReport>> renew(AdjustmentOrder order, AddTarget add) {
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
        overdue.renewed(lease);
        AdjustmentReport report = renewed(now, order);
        return Optional.of(
                offers.get().isPresent()
                        ? shared.tell(lease.name()).thenApply(told -> report)
                        : CompletableFuture.completedStage(report));
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
        return overdue.warnings(service.name());
    }

    /** Looks once more. A failure does not end the schedule. */
    private void lookAgain() {
        try {
            look();
        } catch (RuntimeException | Error e) {
            LOG.error("The times of targets could not be looked at", e);
        } finally {
            lookedNanos = System.nanoTime();
        }
    }

    private void look() {
        long now = System.nanoTime();
        Set<String> services = current.get().services().keySet().stream()
                .filter(service -> elections.apply(service).isHere())
                .collect(Collectors.toSet());
        Set<Lease> leases =
                services.stream().map(current::service).flatMap(Leases::of).collect(Collectors.toSet());
        overdue.retain(leases);
        rests.retain(leases);
        boolean wasStopped = now - lookedNanos > MOST_PAUSE_NANOS;
        if (!hasHeard(services, leases, now) || wasStopped) {
            // The time of a target is over when it was not renewed for all of it, and not when nobody has looked.
            ends.retain(Set.of());
            return;
        }
        ends.retain(leases);
        Set<String> asked = new HashSet<>();
        for (Lease lease : leases) {
            if (changes.mayBegin(lease.service())
                    && !asked.contains(lease.service())
                    && ends.claim(lease, now)
                    && beginRemoval(lease, now)) {
                asked.add(lease.service());
            }
        }
    }

    /**
     * Takes note of what was renewed at other members.
     *
     * @return false if that is not known
     */
    private boolean hasHeard(Set<String> services, Set<Lease> leases, long now) {
        if (offers.get().isEmpty()) {
            return true;
        }
        Map<String, Lease> names = leases.stream().collect(Collectors.toMap(Lease::name, Function.identity()));
        Optional<Set<String>> renewed = shared.since(services, names.keySet());
        renewed.orElse(Set.of()).stream().map(names::get).forEach(lease -> {
            ends.renew(lease, now);
            overdue.renewed(lease);
        });
        return renewed.isPresent();
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
    private boolean beginRemoval(Lease lease, long now) {
        Service service = current.service(lease.service());
        Set<Target> up = up(service);
        ExpireTarget command = new ExpireTarget(lease.slot(), lease.target(), up);
        Optional<Why> kept = kept(service, command, now);
        if (kept.isPresent()) {
            overdue.stays(lease, kept.get());
            ends.giveBack(lease);
            return false;
        }
        boolean isUp = up.contains(lease.target());
        long revision = service.revision();
        if (rests.holds(lease, revision, now)) {
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
                    .whenComplete((report, failure) -> over(lease, revision, failure));
            if (isUp) {
                limit.removed(new Place(lease.service(), lease.slot()), now);
            }
            return true;
        } catch (ChangeRefused later) {
            LOG.debugf(later, "%s: %s could not be removed now", lease.service(), lease.target());
            over(lease, revision, later);
            return false;
        }
    }

    /** Returns why a target has to stay; empty if it may go. */
    private Optional<Why> kept(Service service, ExpireTarget command, long now) {
        if (Transition.apply(service, command, clock.instant(), command.describe()) instanceof Outcome.Refused) {
            return Optional.of(Why.LAST);
        }
        int targets = service.pool(command.slot()).targets().size();
        boolean isFree = offers.get().isEmpty()
                || !command.up().contains(command.target())
                || limit.allows(new Place(service.name(), command.slot()), targets, now);
        return isFree ? Optional.empty() : Optional.of(Why.MANY);
    }

    private void over(Lease lease, long revision, @Nullable Throwable failure) {
        if (failure == null) {
            ends.forget(lease);
            rests.over(lease);
            return;
        }
        if (!ChangeRefused.isBusy(failure)) {
            rests.refused(lease, revision, System.nanoTime());
        }
        ends.giveBack(lease);
    }

    private Set<Target> up(Service service) {
        return Stream.of(Slot.values())
                .flatMap(slot -> service.pool(slot).targets().stream())
                .filter(target -> monitor.of(service.name(), target).health() == Health.UP)
                .collect(Collectors.toSet());
    }
}
