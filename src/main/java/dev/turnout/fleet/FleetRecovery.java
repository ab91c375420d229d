package dev.turnout.fleet;

import dev.turnout.fleet.decision.Recovery;
import dev.turnout.routing.Slot;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a recovery of the store does, or has done.
 *
 * @param plan the word that confirms it: another one as soon as a member or the store says something else
 * @param isMade whether the store was told
 * @param services what holds from then on
 * @param asked the members that have told what they know
 * @param silent the members that do not answer: nothing is recovered as long as there are some
 * @param without the members that are not asked
 */
public record FleetRecovery(
        String plan,
        boolean isMade,
        List<Holds> services,
        SortedSet<String> asked,
        SortedSet<String> silent,
        SortedSet<String> without) {

    /**
     * What holds of a service.
     *
     * @param revision of the highest decision
     * @param next the revision that the service gets
     * @param members that have applied the highest decision; none if only etcd has it
     */
    public record Holds(String service, Slot active, long revision, long next, SortedSet<String> members) {}

    static FleetRecovery of(
            Recovery recovery, Collection<String> asked, Collection<String> silent, SortedSet<String> without) {
        List<Holds> services = recovery.services().entrySet().stream()
                .map(entry -> new Holds(
                        entry.getKey(),
                        entry.getValue().decision().service().active(),
                        entry.getValue().decision().epoch(),
                        entry.getValue().next(),
                        entry.getValue().members()))
                .toList();
        List<String> decisions = recovery.services().values().stream()
                .map(found -> found.decision().change() + " " + found.decision().epoch())
                .toList();
        int digest =
                List.of(decisions, List.copyOf(asked), List.copyOf(without)).hashCode();
        return new FleetRecovery(
                String.format("%08x", digest),
                false,
                services,
                new TreeSet<>(asked),
                new TreeSet<>(silent),
                new TreeSet<>(without));
    }

    FleetRecovery made() {
        return new FleetRecovery(plan, true, services, asked, silent, without);
    }
}
