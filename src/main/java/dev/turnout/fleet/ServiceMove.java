package dev.turnout.fleet;

import dev.turnout.config.Deadline;
import dev.turnout.fleet.FleetRefused.Reason;
import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.fleet.decision.ParticipantEvent;
import dev.turnout.fleet.decision.ServicePlan;
import dev.turnout.fleet.decision.ServicePlan.Cell;
import dev.turnout.fleet.decision.StoreContents;
import dev.turnout.routing.Service;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * Services that are added at this member, and others that are removed: from before they are configured otherwise until after
 * it. A service that is added serves by what the fleet has decided of it, from its first request on. One that is removed is
 * not left while a vote binds this member. Any thread that may block.
 */
public final class ServiceMove implements AutoCloseable {

    /** How long the fleet may take to decide on a new service, beside its reads. */
    private static final Duration DECIDE = Duration.ofSeconds(10);

    /** How long this member may take to take part, or to leave. */
    private static final Duration SETTLE = Duration.ofSeconds(5);

    private static final Duration LOOK = Duration.ofMillis(10);

    private final FleetLoop inside;
    private final Duration hold;
    private final BooleanSupplier isStopping;
    private final Map<String, Service> added = new TreeMap<>();
    private final Set<String> removed;

    private Map<String, Service> decided = Map.of();

    private ServiceMove(
            FleetLoop inside,
            Duration hold,
            BooleanSupplier isStopping,
            Collection<Service> added,
            Collection<String> removed) {
        this.inside = inside;
        this.hold = hold;
        this.isStopping = isStopping;
        added.forEach(service -> this.added.put(service.name(), service));
        this.removed = new TreeSet<>(removed);
    }

    /**
     * Has the fleet decide on what is added, and this member vote no more on what is removed. Blocks.
     *
     * @throws FleetRefused if nothing is to be configured otherwise; the move has ended then
     */
    static ServiceMove begin(
            FleetLoop inside,
            Duration hold,
            BooleanSupplier isStopping,
            Collection<Service> added,
            Collection<String> removed) {
        ServiceMove move = new ServiceMove(inside, hold, isStopping, added, removed);
        inside.view().require();
        try {
            move.leaveSettled();
            move.decide();
            return move;
        } catch (FleetRefused refused) {
            move.close();
            throw refused;
        }
    }

    /** Returns the services that are added, as the fleet has decided them, by name. */
    public Map<String, Service> decided() {
        return decided;
    }

    private void leaveSettled() {
        if (removed.isEmpty()) {
            return;
        }
        leaving(true);
        if (!isDone(() -> inside.ask(() -> removed.stream().allMatch(inside.seats()::isSettled)), hold.plus(SETTLE))) {
            throw new FleetRefused(
                    Reason.BUSY,
                    "This member has voted for a change of service '" + String.join("', '", removed)
                            + "', and it is not known yet whether that was made. Nothing has changed. Try again.");
        }
    }

    private void leaving(boolean is) {
        inside.later(() -> removed.forEach(name -> inside.seats().on(name, new ParticipantEvent.Leaving(is))));
    }

    private void decide() {
        if (added.isEmpty()) {
            return;
        }
        CompletableFuture<Map<String, Service>> made = new CompletableFuture<>();
        inside.later(() -> inside.services().adding(added.values()));
        look(made);
        try {
            decided = made.get(DECIDE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof FleetRefused refused) {
                throw refused;
            }
            throw new IllegalStateException("the fleet could not decide on a service", e.getCause());
        } catch (TimeoutException e) {
            throw FleetWords.unreachable("it has not said in time that it has the service");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw FleetWords.unreachable("the wait for it was interrupted");
        }
    }

    /** Looks after each read, until all are decided or one is refused. */
    private void look(CompletableFuture<Map<String, Service>> made) {
        inside.afterRead(() -> {
            Optional<StoreContents> contents = inside.view().usable();
            if (contents.isEmpty()) {
                made.completeExceptionally(FleetWords.unreachable(inside.view()));
            } else {
                look(inside.services().plan(contents.get()), contents.get(), made);
            }
            if (!made.isDone()) {
                inside.after(LOOK, () -> look(made));
            }
        });
    }

    private void look(ServicePlan plan, StoreContents contents, CompletableFuture<Map<String, Service>> made) {
        Set<String> others = plan.in(Cell.DIFFERS);
        others.retainAll(added.keySet());
        if (!others.isEmpty()) {
            made.completeExceptionally(FleetWords.otherTargets(others));
        } else if (plan.cells().containsValue(Cell.TOO_MANY)) {
            made.completeExceptionally(FleetWords.tooManyServices(
                    contents.services().size() + plan.in(Cell.TOO_MANY).size()));
        } else if (plan.in(Cell.TAKE, Cell.SEATED).containsAll(added.keySet())) {
            Map<String, Service> services = new TreeMap<>();
            added.keySet().forEach(name -> {
                Decision decision = contents.decision(name);
                if (decision != null) {
                    services.put(name, decision.service());
                }
            });
            made.complete(services);
        }
    }

    /** Ends the move, made or not. Blocks until this member takes part in what was added, for some seconds at most. */
    @Override
    public void close() {
        if (!isStopping.getAsBoolean()) {
            leaving(false);
        }
        inside.readSoon();
        isDone(() -> inside.ask(() -> inside.services().areAsConfigured(added.keySet(), removed)), SETTLE);
        inside.later(() -> inside.services().ended(added.keySet()));
    }

    private static boolean isDone(BooleanSupplier condition, Duration most) {
        try {
            return Deadline.after(most).await(condition, LOOK.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
