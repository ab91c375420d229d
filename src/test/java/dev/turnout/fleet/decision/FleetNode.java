package dev.turnout.fleet.decision;

import dev.turnout.fleet.decision.FleetAction.OwnRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A machine of an explored fleet: its process with the production classes, its disk, its requests and what it has sent.
 *
 * @param member its number
 * @param starts how many processes it has had
 * @param up whether its process runs
 * @param connected whether it reaches the store
 * @param life of the store that it believes
 * @param disk what is on its disk; null if it has not joined
 * @param part its part in the changes; null if no process runs that has one
 * @param change the change that it coordinates; null if there is none
 * @param served the epoch by which its front routes
 * @param closed whether its front holds all requests
 * @param owesRecord whether a decision has still to be written to the disk
 * @param wire updates that are under way
 * @param inFlight epochs of requests in flight, as bits
 * @param before the same of the process before a hand-over
 * @param givenUp the last change that its process has voted for and knows to be given up; null if there is none, or if nobody
 *     asks for it
 */
record FleetNode(
        int member,
        int starts,
        boolean up,
        boolean connected,
        String life,
        @Nullable OwnRecord disk,
        @Nullable Participant part,
        @Nullable Coordinator change,
        int served,
        boolean closed,
        boolean owesRecord,
        List<StoreUpdate> wire,
        int inFlight,
        int before,
        @Nullable String givenUp) {

    String name() {
        return "m" + member;
    }

    String process() {
        return name() + "." + starts;
    }

    boolean serves() {
        return up && part != null && !closed;
    }

    /** Returns a machine that serves epoch 0. */
    static FleetNode serving(int member) {
        Seat seat = FleetFixture.seat("m" + member, 1);
        OwnRecord disk = new OwnRecord(FleetFixture.decision(0, "c0"), null);
        Participant part = Participant.started(seat, FleetFixture.LIFE, disk)
                .next()
                .on(new ParticipantEvent.StartAlone())
                .next();
        return new FleetNode(
                member, 1, true, true, FleetFixture.LIFE, disk, part, null, 0, false, false, List.of(), 0, 0, null);
    }

    /** Returns a machine that is about to join. */
    static FleetNode joining(int member) {
        return new FleetNode(
                member, 1, true, true, FleetFixture.LIFE, null, null, null, 0, true, false, List.of(), 0, 0, null);
    }
}
