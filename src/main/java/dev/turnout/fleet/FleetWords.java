package dev.turnout.fleet;

import dev.turnout.fleet.FleetRefused.Reason;
import dev.turnout.fleet.decision.FleetAction.Doubt;
import dev.turnout.fleet.decision.FleetOrder;
import dev.turnout.fleet.decision.FleetOutcome.Refused;
import dev.turnout.fleet.decision.JointCoordinator;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

/** What operators are told of a fleet. */
final class FleetWords {

    private FleetWords() {}

    /** Returns the refusal of a change. */
    static FleetRefused refused(FleetOrder order, Refused refused) {
        String members = String.join(", ", refused.members().keySet());
        String nothing = " Nothing has changed.";
        return switch (refused.why()) {
            case BUSY ->
                of(
                        Reason.BUSY,
                        "Service '" + order.service() + "' is being changed by member " + members + "." + nothing
                                + " Try again when that has ended.",
                        refused);
            case OVERTAKEN ->
                of(
                        Reason.OVERTAKEN,
                        "Service '" + order.service() + "' was changed by another member meanwhile, or is being"
                                + " changed." + nothing + " Look at turnout fleet status, then try again.",
                        refused);
            case NO_MEMBER ->
                of(Reason.NO_MEMBER, "The fleet has no member " + members + " to be left out." + nothing, refused);
            case MEMBER_HERE ->
                of(
                        Reason.EXISTS,
                        "Member " + members + " is here, so it can't be left out." + nothing
                                + " A machine that has just died counts as here until turnout.fleet.lease is over.",
                        refused);
            case MEMBER_MISSING ->
                of(
                        Reason.MEMBER_MISSING,
                        "Member " + members + " of the fleet is not here." + nothing
                                + " Start it. If its machine is dead, leave it out by without=MEMBER, or take it out of the"
                                + " fleet by turnout fleet leave.",
                        refused);
            case GATE_FAILED ->
                of(
                        Reason.MEMBER_AGAINST,
                        "The gate was not passed at member " + said(refused) + "." + nothing,
                        refused);
            case MEMBER_LEAVING ->
                of(
                        Reason.MEMBER_AGAINST,
                        "Member " + members + " is being stopped, or hands over to another process." + nothing
                                + " Try again when it is back.",
                        refused);
            case MEMBER_OLD ->
                of(
                        Reason.MEMBER_AGAINST,
                        "Member " + members + " is a version of Turnout that can't read this change." + nothing
                                + " Upgrade it.",
                        refused);
            case MEMBER_SLOW ->
                of(
                        Reason.MEMBER_SLOW,
                        refused.members().isEmpty()
                                ? "All members have voted, and etcd did not take the decision within turnout.fleet.hold. The"
                                        + " members have taken their votes back." + nothing
                                : "Member " + members + " has not voted in time." + nothing,
                        refused);
            case LOCK_LOST ->
                of(Reason.OVERTAKEN, "The lock of the change was lost, as its lease has ended." + nothing, refused);
            case STORE_WENT_BACK ->
                of(Reason.UNREACHABLE, "etcd is not the store that the change began in." + nothing, refused);
        };
    }

    private static String said(Refused refused) {
        return refused.members().entrySet().stream()
                .map(member -> member.getKey() + " (" + withoutStop(member.getValue()) + ")")
                .collect(Collectors.joining(", "));
    }

    private static FleetRefused of(Reason reason, String message, Refused refused) {
        return new FleetRefused(reason, message, refused.members().keySet(), null);
    }

    /** Returns why the store is not believed. */
    static String disbelieved(String service, Doubt doubt) {
        String what =
                switch (doubt) {
                    case ANOTHER_LIFE -> "etcd is another store than before, or was put back to a backup";
                    case EMPTY -> "etcd has no decision for service '" + service + "'";
                    case WENT_BACK -> "etcd has an older decision for service '" + service + "' than this member";
                    case FORKED -> "etcd has another decision for service '" + service + "' of the same revision";
                };
        return "The store of the fleet went back: " + what + ". It is not believed. The traffic goes on as it was, and"
                + " changes are refused. Put the right etcd back, or tell it what the members know: turnout fleet recover.";
    }

    /** Returns what a member does that can't learn a decision. */
    static String inDoubt(String service, boolean isServing) {
        String does = isServing
                ? "Requests go to the slot from before, which may be another one than that of the other members."
                : "Its requests are kept until this is known, and are refused after turnout.pause.timeout.";
        return "Service '" + service + "' is in doubt: this member has voted for a change, and learns neither from etcd"
                + " nor from another member whether it was made. " + does;
    }

    static FleetRefused made(FleetChange made) {
        return new FleetRefused(
                Reason.MADE,
                "The change '" + made.change() + "' was made already: it is revision "
                        + made.epoch().orElse(0L) + " of service '" + made.service()
                        + "'. Nothing has changed by this call. GET /admin/changes/ID has its receipt.");
    }

    static FleetRefused noChange(String name) {
        return new FleetRefused(
                Reason.NO_CHANGE,
                "The fleet knows no change '" + name
                        + "': it was refused, has never come, or is older than the last 50 of its" + " service.");
    }

    static FleetRefused noFleet() {
        return new FleetRefused(
                Reason.NO_FLEET,
                "This Turnout is in no fleet. Begin one by turnout fleet init, or enter one by turnout fleet join.");
    }

    static FleetRefused unreachable(FleetView view) {
        return unreachable(view.trouble().map(Trouble::text).orElse("it was not read yet"));
    }

    static FleetRefused unreachable(String why) {
        return new FleetRefused(
                Reason.UNREACHABLE,
                "The store of the fleet can't be used: " + withoutStop(why)
                        + ". Nothing has changed: the traffic goes on as it was. Look at turnout.fleet.endpoints and at"
                        + " etcd, then try again.");
    }

    /** Returns half a sentence. */
    static String withoutStop(String text) {
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    static FleetRefused tooMany(int services, int members) {
        return new FleetRefused(
                Reason.TOO_MANY,
                services + " services can't change in one step: a fleet of " + members + " members decides on at most "
                        + JointCoordinator.mostServices(members)
                        + " at once. Nothing has changed. Switch them in parts.");
    }

    static FleetRefused silent(Set<String> silent) {
        return new FleetRefused(
                Reason.MEMBER_MISSING,
                "Member " + String.join(", ", silent)
                        + " does not answer, and may know a later decision. Nothing has changed."
                        + " Start it. If it is dead, say by without=MEMBER that it serves nothing: it takes over what holds"
                        + " then when it comes back.",
                silent,
                null);
    }

    static FleetRefused inOrder() {
        return new FleetRefused(
                Reason.IN_ORDER,
                "This member believes what etcd says: there is nothing to recover. Nothing has changed. If another member"
                        + " says that the store went back, ask that one.");
    }

    static FleetRefused notKnown(Collection<String> services) {
        return new FleetRefused(
                Reason.NOT_KNOWN,
                "It is not known whether the change of service '" + String.join("', '", services)
                        + "' was made, since etcd does not answer. The members go by what was decided as soon as it does."
                        + " Look at turnout fleet status then.",
                Set.of(),
                null);
    }
}
