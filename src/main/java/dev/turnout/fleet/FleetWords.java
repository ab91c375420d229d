package dev.turnout.fleet;

import dev.turnout.fleet.FleetRefused.Reason;
import dev.turnout.fleet.Trouble.Kind;
import dev.turnout.fleet.decision.FleetAction.Doubt;
import dev.turnout.fleet.decision.FleetOrder;
import dev.turnout.fleet.decision.FleetOutcome.Refused;
import dev.turnout.fleet.decision.JointCoordinator;
import dev.turnout.fleet.decision.Recovery;
import dev.turnout.text.Language;
import dev.turnout.text.Phrase;
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
            case NO_SERVICE ->
                of(
                        Reason.DIFFERS,
                        "The fleet has no service '" + order.service() + "', which is served by this member alone."
                                + nothing + " turnout status says why, and what to do.",
                        refused);
            case NO_MEMBER ->
                of(Reason.NO_MEMBER, "The fleet has no member " + members + " to be left out." + nothing, refused);
            case MEMBER_HERE ->
                of(
                        Reason.EXISTS,
                        "Member " + members + " is here, so it can't be left out." + nothing
                                + " A machine that has just died counts as here until turnout.fleet.lease is over.",
                        refused);
            case MEMBER_LACKS ->
                of(
                        Reason.DIFFERS,
                        "Member " + members + " does not have service '" + order.service() + "', and can't vote on it."
                                + nothing + " Configure it there: by the file and turnout reload, or by PUT"
                                + " /admin/services/NAME.",
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
            case LOCK_NOT_TAKEN ->
                of(
                        Reason.UNREACHABLE,
                        "etcd has not answered when the change was to begin." + nothing + " Try again.",
                        refused);
            case NOT_KNOWN -> notKnown(Set.of(order.service()));
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

    /** Returns the trouble before the first read. */
    static Trouble unread() {
        return new Trouble(Kind.UNREAD, "etcd was not read yet", "etcd를 아직 읽지 못했습니다.");
    }

    /** Returns the trouble of a store that does not answer, or refuses. */
    static Trouble silentStore(String message) {
        return new Trouble(
                Kind.UNREACHABLE, message, "etcd에 연결할 수 없거나 etcd가 응답을 거절합니다. turnout.fleet.endpoints와 etcd를 확인하십시오.");
    }

    /** Returns the trouble of a key that is not understood. */
    static Trouble unreadable(FleetUnreadable key) {
        return new Trouble(
                Kind.UNREADABLE, String.valueOf(key.getMessage()), "etcd의 키 " + key.key() + "을(를) 이해할 수 없습니다.");
    }

    /** Returns why the store is not believed. */
    static Trouble disbelieved(String service, Doubt doubt) {
        Phrase what =
                switch (doubt) {
                    case ANOTHER_LIFE ->
                        new Phrase(
                                "etcd is another store than before, or was put back to a backup",
                                "etcd가 전과 다른 저장소이거나 백업으로 되돌려졌습니다");
                    case EMPTY ->
                        new Phrase(
                                "etcd has no decision for service '" + service + "'",
                                "etcd에 서비스 '" + service + "'의 결정이 없습니다");
                    case WENT_BACK ->
                        new Phrase(
                                "etcd has an older decision for service '" + service + "' than this member",
                                "etcd의 서비스 '" + service + "' 결정이 이 멤버의 것보다 오래되었습니다");
                    case FORKED ->
                        new Phrase(
                                "etcd has another decision for service '" + service + "' of the same revision",
                                "etcd에 서비스 '" + service + "'의 같은 리비전으로 다른 결정이 있습니다");
                };
        return new Trouble(
                Kind.DISBELIEVED,
                "The store of the fleet went back: " + what.in(Language.ENGLISH)
                        + ". It is not believed. The traffic goes on"
                        + " as it was, and changes are refused. Put the right etcd back, or tell it what the members know:"
                        + " turnout fleet recover.",
                what.in(Language.KOREAN) + ". etcd를 믿지 않습니다. 올바른 etcd를 되돌려 놓거나, turnout fleet recover로 멤버가 아는 것을"
                        + " 알려 주십시오.");
    }

    /** Returns what a member does that can't learn a decision. */
    static Trouble inDoubt(String service, boolean isServing) {
        String does = isServing
                ? "Requests go to the slot from before, which may be another one than that of the other members."
                : "Its requests are kept until this is known, and are refused after turnout.pause.timeout.";
        String korean = isServing
                ? "요청은 이전 슬롯으로 보내며, 다른 멤버의 슬롯과 다를 수 있습니다."
                : "알 때까지 요청을 붙잡아 두고, turnout.pause.timeout이 지나면 거절합니다.";
        return new Trouble(
                Kind.IN_DOUBT,
                "Service '" + service
                        + "' is in doubt: this member has voted for a change, and learns neither from etcd"
                        + " nor from another member whether it was made. " + does,
                "서비스 '" + service + "'의 변경에 투표했지만, 이루어졌는지 etcd에서도 다른 멤버에서도 알 수 없습니다. " + korean);
    }

    static FleetRefused made(FleetChange made) {
        return new FleetRefused(
                Reason.MADE,
                "The change '" + made.change() + "' was made already: it is revision "
                        + made.epoch().orElse(0L) + " of service '" + made.service()
                        + "'. Nothing has changed by this call. GET /admin/changes/ID has its receipt.");
    }

    static FleetRefused entryNotKnown() {
        return new FleetRefused(
                Reason.NOT_KNOWN,
                "It is not known whether this Turnout is in the fleet now, since etcd does not answer. It serves on alone, as"
                        + " before. Run turnout fleet join when etcd answers: it ends what was begun, or begins it.");
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

    static FleetRefused tooManyServices(int services) {
        return new FleetRefused(
                Reason.TOO_MANY,
                "There would be " + services + " services in the fleet, and it can have at most "
                        + Recovery.MOST_SERVICES
                        + ": etcd takes no more in one step. Nothing has changed. Remove some"
                        + " (turnout.services.\"NAME\" and turnout reload, or DELETE /admin/services/NAME), or begin another fleet"
                        + " for some of them on other machines (turnout.fleet.name).");
    }

    static FleetRefused otherTargets(Set<String> services) {
        return new FleetRefused(
                Reason.DIFFERS,
                "The configuration has other targets for service '" + String.join("', '", services)
                        + "' than the fleet has decided. Nothing has changed. Give the configuration those that turnout targets"
                        + " shows at a member that has the service, then try again.");
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
