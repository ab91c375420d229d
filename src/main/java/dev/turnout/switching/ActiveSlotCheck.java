package dev.turnout.switching;

import dev.turnout.config.DaemonThread;
import dev.turnout.config.Deadline;
import dev.turnout.routing.Service;
import dev.turnout.switching.Destination.NamedSlot;
import dev.turnout.switching.SwitchOrder.Until;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * A check, once after the start, whether the recorded active slot serves at all.
 *
 * <p>Turnout does not change the version unasked. If the active slot is down and the other slot is up, the check logs an
 * error. With {@code turnout.failover=true} the check switches, and the new slot has to pass the gate.
 */
public final class ActiveSlotCheck {

    private static final Logger LOG = Logger.getLogger(ActiveSlotCheck.class);
    private static final long LOOK_MILLIS = 50;

    private final CurrentState current;
    private final SlotHealth health;
    private final Switcher switcher;
    private final CompletableFuture<Void> stopping;
    private final Rules rules;

    /**
     * The settings of the check.
     *
     * @param failover returns whether to switch the service of this name if only its idle slot is up
     * @param falls how many bad probes in a row make a target down, for each service by its name
     * @param patience how long a slot has after the start to answer
     */
    public record Rules(Predicate<String> failover, Map<String, Integer> falls, Duration patience) {
        public Rules {
            falls = Map.copyOf(falls);
        }

        int falls(String service) {
            return Objects.requireNonNull(falls.get(service), service);
        }
    }

    ActiveSlotCheck(CurrentState current, SlotHealth health, Switcher switcher, Changes changes, Rules rules) {
        this.current = current;
        this.health = health;
        this.switcher = switcher;
        this.stopping = changes.stopping();
        this.rules = rules;
    }

    /** Begins to check all services on a new thread, and returns at once. */
    public void begin() {
        DaemonThread.start("turnout-start-check", this::look);
    }

    private void look() {
        Map<String, Service> open = new TreeMap<>(current.get().services());
        try {
            Deadline.after(rules.patience()).await(() -> stopping.isDone() || areSettled(open), LOOK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        if (!stopping.isDone()) {
            open.values().forEach(this::logSilence);
        }
    }

    private boolean areSettled(Map<String, Service> open) {
        open.values().removeIf(this::isSettled);
        return open.isEmpty();
    }

    private boolean isSettled(Service atStart) {
        Optional<Service> found = current.get().service(atStart.name());
        if (found.isEmpty()) {
            return true;
        }
        Service now = found.get();
        if (now.revision() != atStart.revision() || health.serves(now, now.active())) {
            return true;
        }
        if (health.isDown(now, now.active(), rules.falls(now.name())) && health.isUp(now, now.idle())) {
            onActiveSlotDown(now);
            return true;
        }
        return false;
    }

    private void logSilence(Service service) {
        LOG.errorf(
                "%s: no slot has answered a probe well within %d s after the start; slot %s is active",
                service.name(), rules.patience().toSeconds(), service.active());
    }

    private void onActiveSlotDown(Service now) {
        if (!rules.failover().test(now.name())) {
            LOG.errorf(
                    "%s: THE ACTIVE SLOT %s IS DOWN and slot %s answers; it stays active, since Turnout does not switch"
                            + " unasked. POST /admin/switch?service=%s&to=%s moves the traffic",
                    now.name(), now.active(), now.idle(), now.name(), now.idle());
            return;
        }
        LOG.errorf(
                "%s: the active slot %s is down and slot %s answers: switching, as turnout.failover=true asks for",
                now.name(), now.active(), now.idle());
        SwitchOrder order = new SwitchOrder(
                now.name(),
                new NamedSlot(now.idle()),
                Until.SWITCHED,
                false,
                false,
                Optional.empty(),
                ExpectedRevision.none(),
                ChangeNote.of("Turnout itself, by turnout.failover=true"));
        try {
            switcher.begin(order).whenComplete((receipt, failure) -> {
                if (failure != null) {
                    LOG.errorf("%s: the failover was not made: %s", now.name(), failure.getMessage());
                }
            });
        } catch (ChangeRefused refused) {
            LOG.errorf("%s: the failover was not made: %s", now.name(), refused.getMessage());
        }
    }
}
