package dev.turnout.fleet.decision;

import dev.turnout.fleet.decision.FleetValue.Configured;
import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.fleet.decision.FleetValue.Removed;
import dev.turnout.fleet.decision.StoreUpdate.Condition;
import dev.turnout.fleet.decision.StoreUpdate.Edit;
import dev.turnout.fleet.decision.StoreUpdate.Purpose;
import dev.turnout.routing.Service;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The updates by which services come into a fleet, and go.
 *
 * <p>Each member says which services it has. The first member that has a service makes its first decision. A service that no
 * member has is removed, and its last epoch is kept: a service of this name that comes later goes on above it. A member
 * serves a service by the fleet only if one read has both: the decision, and that this member has the service, as it has said
 * under its own {@linkplain Configured#mark mark}: what it has said before, and is still under way, comes too late then. It says
 * that it has the service no more only when it does not serve it any more. So nothing is removed that a member serves.
 */
public final class ServiceEnrolment {

    /** What changes have left of one service, in one update: far within the 128 operations of etcd. */
    private static final int MOST_LEFT_OVERS = 40;

    private ServiceEnrolment() {}

    /** Says which services a member has. Fails if another process of the member has said so since. */
    static StoreUpdate declare(String member, Collection<String> services, String mark, StoreContents contents) {
        FleetKey own = FleetKey.configured(member);
        return new StoreUpdate(
                Purpose.DECLARE, List.of(ChangeUpdates.unchanged(own, contents)), List.of(has(member, services, mark)));
    }

    /** Returns the edit that says which services a member has. */
    static Edit has(String member, Collection<String> services, String mark) {
        return new Edit.Put(FleetKey.configured(member), new Configured(new TreeSet<>(services), mark));
    }

    /**
     * Makes the first decisions of services that the fleet has not, of all or of none, and says that the member has them.
     * It fails if one of them has come or gone meanwhile, and if the member is no member any more.
     *
     * @param services all that the member has, with the new ones
     * @param first the new ones, as the member has them
     * @param change the id of the decisions; two updates never have the same
     */
    static StoreUpdate create(
            String member,
            Collection<String> services,
            String mark,
            Collection<Service> first,
            String change,
            StoreContents contents) {
        List<Condition> when = new ArrayList<>();
        when.add(ChangeUpdates.unchanged(FleetKey.ROSTER, contents));
        when.add(ChangeUpdates.unchanged(FleetKey.configured(member), contents));
        List<Edit> then = new ArrayList<>();
        then.add(has(member, services, mark));
        for (Service service : first) {
            String name = service.name();
            when.add(Condition.absent(FleetKey.state(name)));
            when.add(ChangeUpdates.unchanged(FleetKey.removed(name), contents));
            long epoch = Math.max(service.revision(), contents.removed(name) + 1);
            then.add(new Edit.Put(FleetKey.state(name), new Decision(service.atRevision(epoch), change)));
        }
        return new StoreUpdate(Purpose.CREATE, when, then);
    }

    /**
     * Removes a service with all that belongs to it, and keeps its epoch. It fails if a member has the service by then, or one
     * has come, and if the service was changed meanwhile.
     *
     * @return null if the fleet has no such service, a member has it or has not said what it has, or it is being changed
     */
    public static @Nullable StoreUpdate remove(String service, StoreContents contents) {
        Decision last = contents.decision(service);
        boolean isUsed = !lacking(service, contents).containsAll(contents.roster());
        if (last == null || isUsed || contents.intent(service) != null) {
            return null;
        }
        List<Condition> when = new ArrayList<>();
        when.add(ChangeUpdates.unchanged(FleetKey.state(service), contents));
        when.add(ChangeUpdates.unchanged(FleetKey.ROSTER, contents));
        when.add(Condition.absent(FleetKey.change(service)));
        contents.roster().forEach(member -> when.add(ChangeUpdates.unchanged(FleetKey.configured(member), contents)));
        List<Edit> then = new ArrayList<>();
        then.add(new Edit.Delete(FleetKey.state(service)));
        then.add(new Edit.Put(FleetKey.removed(service), new Removed(last.epoch())));
        then.add(new Edit.Delete(FleetKey.watch(service)));
        for (String folder : List.of("receipt/", "applied/", FleetKey.COUNTS, FleetKey.OFFERS)) {
            then.add(new Edit.DeleteUnder(folder + service + "/"));
        }
        then.addAll(ChangeUpdates.leftOvers(service, MOST_LEFT_OVERS, contents));
        return new StoreUpdate(Purpose.REMOVE, when, then);
    }

    /** Returns the members that have said which services they have, without this one: they can't vote on it. */
    public static SortedSet<String> lacking(String service, StoreContents contents) {
        SortedSet<String> lacking = new TreeSet<>();
        for (String member : contents.roster()) {
            SortedSet<String> has = contents.configured(member);
            if (has != null && !has.contains(service)) {
                lacking.add(member);
            }
        }
        return lacking;
    }
}
