package dev.turnout.fleet.decision;

import dev.turnout.fleet.decision.FleetValue.Configured;
import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.fleet.decision.FleetValue.Removed;
import dev.turnout.fleet.decision.StoreUpdate.Edit;
import dev.turnout.fleet.decision.StoreUpdate.Purpose;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;

/** A protection of services that come and go, which is taken out: of what is sent, of what is seen, or of what is done. */
enum ServiceMutation {
    NOTHING,
    /** A first decision does not compare that there is none. */
    CREATE_IF_ABSENT,
    /** A first decision does not compare the epoch of a service that was removed. */
    CREATE_COMPARES_REMOVED,
    /** A first decision begins at its own epoch, whatever was removed. */
    CREATE_ABOVE,
    /** A removal does not compare what the members have. */
    REMOVE_COMPARES_MEMBERS,
    /** A removal keeps no epoch. */
    REMOVE_KEEPS_EPOCH,
    /** A member serves by the fleet as soon as it sees the decision, before it has said that it has the service. */
    SAY_BEFORE_SERVING,
    /** A member says that it has the service no more while it serves it. */
    SERVE_BEFORE_SAYING,
    /** A member believes what it has said under another mark, though it may have taken that back. */
    OWN_MARK,
    /** A member leaves the service though it does not know what has become of its vote. */
    LEAVE_SETTLED,
    /** A Turnout that does not hear whether it was enrolled gives up, though that may still be made. */
    ENTRY_FENCED,
    /** A Turnout that finds that it is no member forgets its place, though its enrolment may still be made. */
    LEAVE_FENCES,
    /** An enrolment does not compare what was decided. */
    ENROL_COMPARES_STATES,
    /** A removal does not compare the roster. */
    REMOVE_COMPARES_ROSTER;

    /** Returns what really goes to the store. */
    StoreUpdate sent(StoreUpdate update) {
        return switch (this) {
            case CREATE_IF_ABSENT -> only(update, Purpose.CREATE, key -> !key.isUnder(FleetKey.STATES));
            case CREATE_COMPARES_REMOVED -> only(update, Purpose.CREATE, key -> !key.isUnder("removed/"));
            case CREATE_ABOVE -> below(only(update, Purpose.CREATE, key -> !key.isUnder("removed/")));
            case REMOVE_COMPARES_MEMBERS -> only(update, Purpose.REMOVE, key -> !key.isUnder("configured/"));
            case ENROL_COMPARES_STATES -> only(update, Purpose.ENROL, key -> !key.isUnder(FleetKey.STATES));
            case REMOVE_COMPARES_ROSTER -> only(update, Purpose.REMOVE, key -> !key.equals(FleetKey.ROSTER));
            case REMOVE_KEEPS_EPOCH ->
                new StoreUpdate(
                        update.purpose(),
                        update.when(),
                        update.then().stream()
                                .filter(edit -> !(edit instanceof Edit.Put put && put.value() instanceof Removed))
                                .toList());
            default -> update;
        };
    }

    private static StoreUpdate only(StoreUpdate update, Purpose purpose, Predicate<FleetKey> kept) {
        return update.purpose() != purpose
                ? update
                : new StoreUpdate(
                        purpose,
                        update.when().stream()
                                .filter(condition -> kept.test(condition.key()))
                                .toList(),
                        update.then());
    }

    private static StoreUpdate below(StoreUpdate update) {
        if (update.purpose() != Purpose.CREATE) {
            return update;
        }
        List<Edit> then = update.then().stream()
                .map(edit -> edit instanceof Edit.Put put && put.value() instanceof Decision decision
                        ? new Edit.Put(put.key(), new Decision(FleetFixture.shop(0), decision.change()))
                        : edit)
                .toList();
        return new StoreUpdate(update.purpose(), update.when(), then);
    }

    /** Returns what a member sees of what it has said. */
    StoreContents sees(StoreContents contents, String member, String mark) {
        return this == SAY_BEFORE_SERVING && contents.decision(FleetFixture.SHOP) != null
                ? Mutation.replaced(
                        contents,
                        FleetKey.configured(member),
                        new Configured(new TreeSet<>(List.of(FleetFixture.SHOP)), mark))
                : contents;
    }
}
