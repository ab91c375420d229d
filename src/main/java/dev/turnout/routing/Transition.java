package dev.turnout.routing;

import dev.turnout.routing.Command.BeginMaintenance;
import dev.turnout.routing.Command.OfTargets;
import dev.turnout.routing.Command.PutBack;
import dev.turnout.routing.Command.SetCanary;
import dev.turnout.routing.Command.SwitchTo;
import dev.turnout.routing.Command.TakeOut;
import dev.turnout.routing.Outcome.Changed;
import dev.turnout.routing.Outcome.Refusal;
import dev.turnout.routing.Outcome.Refused;
import dev.turnout.routing.Outcome.Unchanged;
import java.time.Instant;
import java.util.Optional;

/**
 * The legal changes of a service's routing state, as pure functions.
 *
 * <p>Invariants, for every sequence of commands. Exactly one slot is active. The active slot keeps a target in
 * rotation, unless the last one was taken out by force. The canary weight is 0 to 100, and 0 while the service is paused.
 * The revision grows by one with every change, and only then.
 */
public final class Transition {

    private Transition() {}

    /**
     * Applies a command.
     *
     * @param now what the new state's {@code since} says
     * @param why what the new state's {@code why} says
     */
    public static Outcome apply(Service service, Command command, Instant now, String why) {
        if (command instanceof SwitchTo switchTo) {
            return switchTo(service, switchTo.to(), now, why);
        }
        if (command instanceof Command.Rollback) {
            return rollback(service, now, why);
        }
        if (command instanceof SetCanary canary) {
            return setCanary(service, canary, now, why);
        }
        if (command instanceof TakeOut takeOut) {
            return takeOut(service, takeOut, now, why);
        }
        if (command instanceof PutBack putBack) {
            return putBack(service, putBack.target(), now, why);
        }
        if (command instanceof OfTargets ofTargets) {
            return TargetTransition.apply(service, ofTargets, now, why);
        }
        if (command instanceof BeginMaintenance begin) {
            return beginMaintenance(service, begin.terms(), now, why);
        }
        if (command instanceof Command.EndMaintenance) {
            return endMaintenance(service, now, why);
        }
        return setPaused(service, command instanceof Command.Pause, now, why);
    }

    private static Outcome switchTo(Service service, Slot to, Instant now, String why) {
        if (service.active() == to) {
            return new Unchanged(service);
        }
        if (service.pool(to).targets().isEmpty()) {
            return empty(to);
        }
        return new Changed(flipped(service, Optional.of(service.active()), now, why));
    }

    /** Forgets the slot that is rolled back: a second rollback must not bring the bad version back. */
    private static Outcome rollback(Service service, Instant now, String why) {
        if (service.previous().isEmpty()) {
            return new Refused(
                    Refusal.NOTHING_TO_ROLL_BACK,
                    "slot " + service.active() + " serves, and no switch has happened since the first start or the"
                            + " last rollback");
        }
        if (service.canary().isPresent()) {
            return new Refused(
                    Refusal.NOTHING_TO_ROLL_BACK,
                    "slot " + service.idle() + " has the canary, not what served before: end the canary to take its"
                            + " clients back");
        }
        if (service.pool(service.idle()).targets().isEmpty()) {
            return empty(service.idle());
        }
        return new Changed(flipped(service, Optional.empty(), now, why));
    }

    private static Service flipped(Service service, Optional<Slot> previous, Instant now, String why) {
        Slot to = service.idle();
        return new Service(
                service.name(),
                to,
                previous,
                to == Slot.BLUE ? service.blue().whole() : service.blue(),
                to == Slot.GREEN ? service.green().whole() : service.green(),
                Optional.empty(),
                service.paused(),
                service.maintenance(),
                service.revision() + 1,
                now,
                why,
                service.releases());
    }

    private static Outcome setCanary(Service service, SetCanary command, Instant now, String why) {
        int weight = command.weight();
        if (weight < 0 || weight > 100) {
            return new Refused(Refusal.INVALID, "a canary weight is 0 to 100, not " + weight);
        }
        if (weight == service.canaryWeight()) {
            return new Unchanged(service);
        }
        if (service.paused()) {
            return new Refused(Refusal.PAUSED, "the service is paused: resume it before a canary");
        }
        if (weight > 0 && service.pool(service.idle()).targets().isEmpty()) {
            return empty(service.idle());
        }
        String key = service.canary().map(Canary::key).orElse(command.key());
        Optional<Canary> canary = weight == 0 ? Optional.empty() : Optional.of(new Canary(weight, key));
        boolean isNew = service.canary().isEmpty();
        Pool blue = isNew && service.idle() == Slot.BLUE ? service.blue().whole() : service.blue();
        Pool green = isNew && service.idle() == Slot.GREEN ? service.green().whole() : service.green();
        return new Changed(changed(service, blue, green, canary, false, now, why));
    }

    private static Outcome takeOut(Service service, TakeOut command, Instant now, String why) {
        Pool pool = service.pool(service.active());
        Target target = command.target();
        if (!pool.targets().contains(target)) {
            return notOfActiveSlot(service, target);
        }
        if (pool.out().contains(target)) {
            return new Unchanged(service);
        }
        if (pool.inRotation().size() == 1 && !command.force()) {
            return new Refused(
                    Refusal.LAST_TARGET,
                    target + " is the last target of slot " + service.active() + " in rotation: without it nothing"
                            + " would serve");
        }
        return new Changed(withActivePool(service, pool.without(target), now, why));
    }

    private static Outcome putBack(Service service, Target target, Instant now, String why) {
        Pool pool = service.pool(service.active());
        if (!pool.targets().contains(target)) {
            return notOfActiveSlot(service, target);
        }
        if (!pool.out().contains(target)) {
            return new Unchanged(service);
        }
        return new Changed(withActivePool(service, pool.with(target), now, why));
    }

    private static Outcome setPaused(Service service, boolean paused, Instant now, String why) {
        if (service.paused() == paused) {
            return new Unchanged(service);
        }
        Optional<Canary> canary = paused ? Optional.empty() : service.canary();
        return new Changed(changed(service, service.blue(), service.green(), canary, paused, now, why));
    }

    private static Outcome empty(Slot slot) {
        return new Refused(Refusal.NO_SUCH_TARGET, "slot " + slot + " has no targets: give it some first");
    }

    private static Outcome beginMaintenance(Service service, MaintenanceTerms terms, Instant now, String why) {
        Optional<Maintenance> before = service.maintenance();
        if (before.map(Maintenance::terms).filter(terms::equals).isPresent()) {
            return new Unchanged(service);
        }
        Instant since = before.map(Maintenance::since).orElse(now);
        return new Changed(withMaintenance(service, Optional.of(new Maintenance(terms, since)), now, why));
    }

    private static Outcome endMaintenance(Service service, Instant now, String why) {
        return service.maintenance().isEmpty()
                ? new Unchanged(service)
                : new Changed(withMaintenance(service, Optional.empty(), now, why));
    }

    private static Service withMaintenance(
            Service service, Optional<Maintenance> maintenance, Instant now, String why) {
        return new Service(
                service.name(),
                service.active(),
                service.previous(),
                service.blue(),
                service.green(),
                service.canary(),
                service.paused(),
                maintenance,
                service.revision() + 1,
                now,
                why,
                service.releases());
    }

    private static Outcome notOfActiveSlot(Service service, Target target) {
        return new Refused(
                Refusal.NO_SUCH_TARGET,
                target + " is not a target of the active slot " + service.active() + ", which has "
                        + service.pool(service.active()).targets());
    }

    private static Service withActivePool(Service service, Pool pool, Instant now, String why) {
        return withPool(service, service.active(), pool, now, why);
    }

    /** Returns the next state of a service, with another pool in one slot. */
    static Service withPool(Service service, Slot slot, Pool pool, Instant now, String why) {
        Pool blue = slot == Slot.BLUE ? pool : service.blue();
        Pool green = slot == Slot.GREEN ? pool : service.green();
        return changed(service, blue, green, service.canary(), service.paused(), now, why);
    }

    private static Service changed(
            Service service, Pool blue, Pool green, Optional<Canary> canary, boolean paused, Instant now, String why) {
        return new Service(
                service.name(),
                service.active(),
                service.previous(),
                blue,
                green,
                canary,
                paused,
                service.maintenance(),
                service.revision() + 1,
                now,
                why,
                service.releases());
    }
}
