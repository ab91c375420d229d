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
     * Returns true if the store does not have what the process of a member has said: the member counts as missing, or can't
     * vote. A request that came late has undone it: one of a process that is gone, or one of this process with a lease that has
     * ended since. A process that has a successor says nothing more.
     */
    public static boolean isUndone(String member, String process, StoreContents contents) {
        if (!contents.roster().contains(member)) {
            return false;
        }
        boolean isStarted = contents.isStarted(member, process);
        return contents.has(FleetKey.here(member, process))
                ? contents.isOnly(member, process) && !isStarted
                : isStarted || !contents.has(FleetKey.started(member));
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
     * in between that it would never learn, and it may not come back in between. It may be out already: an enrolment of it that
     * is under way yet is not made then, as that compares the roster.
     */
    static StoreUpdate leave(String member, StoreContents contents) {
        List<Condition> when = unchanged(contents);
        when.add(ChangeUpdates.unchanged(FleetKey.started(member), contents));
        return new StoreUpdate(
                Purpose.LEAVE,
                when,
                List.of(
                        new Edit.Put(FleetKey.ROSTER, roster(contents).without(member)),
                        new Edit.Delete(FleetKey.started(member)),
                        new Edit.Delete(FleetKey.configured(member)),
                        new Edit.DeleteUnder("here/" + member + "/")));
    }

    /**
     * Ends the fleet: its last member leaves. Nothing of the fleet stays in the store. Nothing may be decided in between, and
     * nobody may come, or come back.
     */
    static StoreUpdate end(StoreContents contents) {
        List<Condition> when = unchanged(contents);
        contents.roster().forEach(last -> when.add(ChangeUpdates.unchanged(FleetKey.started(last), contents)));
        return new StoreUpdate(Purpose.LEAVE, when, List.of(new Edit.DeleteUnder("")));
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
