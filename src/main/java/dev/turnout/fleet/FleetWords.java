package dev.turnout.fleet;

import dev.turnout.fleet.FleetRefused.Reason;
import dev.turnout.fleet.decision.FleetAction.Doubt;
import dev.turnout.fleet.decision.FleetOrder;
import dev.turnout.fleet.decision.FleetOutcome.Refused;
import java.util.Set;

/** What operators are told of a fleet. */
final class FleetWords {

    private FleetWords() {}

    /** Returns the refusal of a change. */
    static FleetRefused refused(FleetOrder order, Refused refused) {
        String members = String.join(", ", refused.members());
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
            case MEMBER_MISSING ->
                of(
                        Reason.MEMBER_MISSING,
                        "Member " + members + " of the fleet is not here." + nothing
                                + " Start it, or take it out by turnout fleet leave if its machine is dead.",
                        refused);
            case MEMBER_AGAINST ->
                of(
                        Reason.MEMBER_AGAINST,
                        "Member " + members + " has refused the change: its gate was not passed, it is being stopped,"
                                + " or it has waited too long." + nothing,
                        refused);
            case MEMBER_SLOW ->
                of(
                        Reason.MEMBER_SLOW,
                        refused.members().isEmpty()
                                ? "The members did not agree in time." + nothing
                                : "Member " + members + " has not voted in time." + nothing,
                        refused);
            case LOCK_LOST ->
                of(Reason.OVERTAKEN, "The lock of the change was lost, as its lease has ended." + nothing, refused);
            case STORE_WENT_BACK ->
                of(Reason.UNREACHABLE, "etcd is not the store that the change began in." + nothing, refused);
        };
    }

    private static FleetRefused of(Reason reason, String message, Refused refused) {
        return new FleetRefused(reason, message, refused.members(), null);
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
                + " changes are refused. Put the right etcd back, or leave the fleet and begin it anew.";
    }

    static FleetRefused noFleet() {
        return new FleetRefused(
                Reason.NO_FLEET,
                "This Turnout is in no fleet. Begin one by turnout fleet init, or enter one by turnout fleet join.");
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

    static FleetRefused notKnown(String service) {
        return new FleetRefused(
                Reason.NOT_KNOWN,
                "It is not known whether the change of service '" + service
                        + "' was made, since etcd does not answer. The members go by what was decided as soon as it does."
                        + " Look at turnout fleet status then.",
                Set.of(),
                null);
    }
}
