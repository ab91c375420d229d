package dev.turnout.fleet.decision;

import dev.turnout.fleet.decision.FleetValue.Here;
import dev.turnout.fleet.decision.FleetValue.Roster;
import dev.turnout.fleet.decision.FleetValue.Started;
import dev.turnout.fleet.decision.StoreContents.Entry;
import dev.turnout.fleet.decision.StoreUpdate.Condition;
import dev.turnout.fleet.decision.StoreUpdate.Edit;
import dev.turnout.fleet.decision.StoreUpdate.Purpose;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** The updates by which members come and go. */
public final class Enrolment {

    private Enrolment() {}

    /**
     * Says that a process is here. To be sent by every process before its first read that counts, and again whenever its lease
     * was lost. The mark without a lease is what a commit compares that leaves this member out.
     */
    public static StoreUpdate register(String member, String process) {
        return new StoreUpdate(Purpose.REGISTER, List.of(), hereAndStarted(member, process));
    }

    /**
     * Enrols a member that has what is decided on its disk, and serves nothing yet. Either a commit has the vote of the
     * member, or it finds another roster; and a member is enrolled at the decisions that it has.
     *
     * @param services that the member has
     */
    public static StoreUpdate enrol(
            String member, String process, String address, Collection<String> services, StoreContents contents) {
        List<Edit> edits = new ArrayList<>(hereAndStarted(member, process));
        edits.add(ServiceEnrolment.has(member, services, process));
        edits.add(new Edit.Put(FleetKey.ROSTER, roster(contents).with(member, address)));
        return new StoreUpdate(Purpose.ENROL, unchanged(contents), edits);
    }

    /** Returns true if a process was enrolled, or is that of a member. */
    public static boolean isEnrolled(String member, String process, StoreContents contents) {
        return contents.roster().contains(member) && contents.isStarted(member, process);
    }

    /**
     * Returns true if the store takes a process that is gone for the one of a member, since what that one had said came late:
     * this one, which is here alone, can't vote then.
     */
    public static boolean isOvertaken(String member, String process, StoreContents contents) {
        return contents.roster().contains(member)
                && contents.has(FleetKey.here(member, process))
                && contents.isOnly(member, process)
                && !contents.isStarted(member, process);
    }

    /** Neither the roster nor what is decided has changed. */
    private static List<Condition> unchanged(StoreContents contents) {
        List<Condition> when = new ArrayList<>();
        when.add(ChangeUpdates.unchanged(FleetKey.ROSTER, contents));
        contents.under(FleetKey.STATES).keySet().forEach(key -> when.add(ChangeUpdates.unchanged(key, contents)));
        return when;
    }

    /** Takes a member out of the fleet: it ends with the last one. */
    public static StoreUpdate leaveOrEnd(String member, StoreContents contents) {
        return contents.roster().equals(Set.of(member)) ? end(contents) : leave(member, contents);
    }

    /**
     * Takes a member out of the fleet, for good. It has applied what is decided, if it still serves: nothing may be decided
     * in between that it would never learn. It may be out already: an enrolment of it that is under way yet is not made then,
     * as that compares the roster.
     */
    static StoreUpdate leave(String member, StoreContents contents) {
        return new StoreUpdate(
                Purpose.LEAVE,
                unchanged(contents),
                List.of(
                        new Edit.Put(FleetKey.ROSTER, roster(contents).without(member)),
                        new Edit.Delete(FleetKey.started(member)),
                        new Edit.Delete(FleetKey.configured(member)),
                        new Edit.DeleteUnder("here/" + member + "/")));
    }

    /**
     * Ends the fleet: its last member leaves. Nothing of the fleet stays in the store. Nothing may be decided in between, and
     * nobody may come.
     */
    static StoreUpdate end(StoreContents contents) {
        return new StoreUpdate(Purpose.LEAVE, unchanged(contents), List.of(new Edit.DeleteUnder("")));
    }

    private static List<Edit> hereAndStarted(String member, String process) {
        return List.of(
                new Edit.PutLeased(FleetKey.here(member, process), new Here(process)),
                new Edit.Put(FleetKey.started(member), new Started(process)));
    }

    private static Roster roster(StoreContents contents) {
        Entry entry = contents.entry(FleetKey.ROSTER);
        return entry != null && entry.value() instanceof Roster roster ? roster : new Roster(new TreeMap<>());
    }
}
