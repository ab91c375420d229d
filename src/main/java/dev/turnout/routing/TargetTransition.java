package dev.turnout.routing;

import dev.turnout.routing.Command.AddTarget;
import dev.turnout.routing.Command.ExpireTarget;
import dev.turnout.routing.Command.FollowNames;
import dev.turnout.routing.Command.OfTargets;
import dev.turnout.routing.Command.RemoveTarget;
import dev.turnout.routing.Command.SetTargets;
import dev.turnout.routing.Outcome.Changed;
import dev.turnout.routing.Outcome.Refusal;
import dev.turnout.routing.Outcome.Refused;
import dev.turnout.routing.Outcome.Unchanged;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The legal changes of the targets of a slot at run time, as pure functions.
 *
 * <p>A slot that gets requests keeps a target in rotation, unless the command is forced. Targets that stay keep their
 * place and their rotation. What is known of the build in a slot is forgotten when none of its targets stays.
 */
final class TargetTransition {

    private TargetTransition() {}

    static Outcome apply(Service service, OfTargets command, Instant now, String why) {
        Pool before = service.pool(command.slot());
        if (command instanceof FollowNames follow) {
            return before.names().isEmpty()
                    ? new Unchanged(service)
                    : listed(service, command.slot(), follow.targets(), false, now, why);
        }
        if (!before.names().isEmpty()) {
            return new Refused(
                    Refusal.FOLLOWS_NAMES,
                    "slot " + command.slot() + " has the targets that " + before.names() + " stand for: change what the"
                            + " name server says, or configure other targets and reload");
        }
        if (command instanceof AddTarget add) {
            return added(service, add, now, why);
        }
        if (command instanceof ExpireTarget expire) {
            return expired(service, expire, now, why);
        }
        if (command instanceof RemoveTarget remove) {
            List<Target> rest = new ArrayList<>(before.targets());
            return rest.remove(remove.target())
                    ? listed(service, command.slot(), rest, remove.force(), now, why)
                    : new Refused(
                            Refusal.NO_SUCH_TARGET,
                            remove.target() + " is not a target of slot " + command.slot() + ", which has "
                                    + before.targets());
        }
        if (command instanceof SetTargets set) {
            return listed(service, command.slot(), set.targets(), set.force(), now, why);
        }
        return outcome(service, command.slot(), before.reset(), now, why);
    }

    private static Outcome added(Service service, AddTarget add, Instant now, String why) {
        Pool before = service.pool(add.slot());
        List<Target> all = new ArrayList<>(before.targets());
        if (!all.contains(add.target())) {
            all.add(add.target());
        }
        return all.size() > Pool.MOST
                ? tooMany(add.slot(), all.size())
                : outcome(service, add.slot(), before.listing(all).leasing(add.target(), add.lease()), now, why);
    }

    private static Outcome expired(Service service, ExpireTarget expire, Instant now, String why) {
        Pool before = service.pool(expire.slot());
        if (!before.leases().containsKey(expire.target())) {
            return new Unchanged(service);
        }
        List<Target> rest = new ArrayList<>(before.targets());
        rest.remove(expire.target());
        Pool after = before.listing(rest);
        boolean isLeft = after.inRotation().stream().anyMatch(expire.up()::contains);
        return service.hasTraffic(expire.slot()) && before.inRotation().contains(expire.target()) && !isLeft
                ? new Refused(
                        Refusal.LAST_TARGET,
                        "slot " + expire.slot() + " gets requests, and no other target than " + expire.target()
                                + " is up there")
                : outcome(service, expire.slot(), after, now, why);
    }

    private static Outcome tooMany(Slot slot, int size) {
        return new Refused(
                Refusal.TOO_MANY_TARGETS,
                "a slot has " + Pool.MOST + " targets at most, and slot " + slot + " would have " + size);
    }

    private static Outcome listed(
            Service service, Slot slot, List<Target> targets, boolean force, Instant now, String why) {
        if (targets.size() > Pool.MOST) {
            return tooMany(slot, targets.size());
        }
        Pool before = service.pool(slot);
        Pool after = before.listing(targets);
        if (service.hasTraffic(slot)
                && !force
                && after.inRotation().isEmpty()
                && !before.inRotation().isEmpty()) {
            return new Refused(
                    Refusal.LAST_TARGET,
                    "slot " + slot + " gets requests, and without " + before.inRotation()
                            + " nothing would serve them");
        }
        return outcome(service, slot, after, now, why);
    }

    private static Outcome outcome(Service service, Slot slot, Pool after, Instant now, String why) {
        Pool before = service.pool(slot);
        if (after.equals(before)) {
            return new Unchanged(service);
        }
        Service next = Transition.withPool(service, slot, after, now, why);
        for (Target target : after.targets()) {
            if (service.pool(slot.other()).targets().stream().anyMatch(target::isAtPlaceOf)) {
                return new Refused(
                        Refusal.IN_OTHER_SLOT,
                        target + " is a target of slot " + slot.other() + ", and a target has one slot: remove it there"
                                + " first");
            }
        }
        return new Changed(next.withoutReleaseOfNewTargets(slot, service));
    }
}
