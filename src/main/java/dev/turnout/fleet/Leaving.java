package dev.turnout.fleet;

import dev.turnout.config.Deadline;
import dev.turnout.fleet.FleetRefused.Reason;
import dev.turnout.fleet.decision.Enrolment;
import dev.turnout.fleet.decision.ParticipantEvent;
import dev.turnout.fleet.decision.StoreContents;
import dev.turnout.fleet.etcd.EtcdFailed;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * How a member leaves the fleet. One that is here votes no more first, and waits until it knows what has become of the votes
 * that it has: it keeps requests for a vote, and leaves with what was decided. Any thread that may block.
 */
final class Leaving {

    /** Something may be decided between the read and the update. */
    private static final int MOST_TRIES = 5;

    /** How long votes take to be settled after their time. */
    private static final Duration SETTLE = Duration.ofSeconds(5);

    private static final long LOOK_MILLIS = 10;

    private final FleetSettings settings;
    private final FleetStore store;
    private final String fleet;
    private final FleetLoop loop;
    private final BooleanSupplier isStopping;

    /**
     * @param fleet the id of the fleet
     * @param isStopping whether this process stops: then it votes no more if it can't leave, too
     */
    Leaving(FleetSettings settings, FleetStore store, String fleet, FleetLoop loop, BooleanSupplier isStopping) {
        this.settings = settings;
        this.store = store;
        this.fleet = fleet;
        this.loop = loop;
        this.isStopping = isStopping;
    }

    /** Takes a member out of the roster. The last one ends the fleet. This one may leave also if another one has taken it out. */
    void leave(String member) {
        if (!member.equals(settings.member())) {
            takeOut(member);
            return;
        }
        isLeaving(true);
        try {
            awaitSettled();
            takeOut(member);
        } catch (FleetRefused refused) {
            isLeaving(isStopping.getAsBoolean());
            throw refused;
        }
    }

    private void isLeaving(boolean is) {
        loop.later(() -> loop.seats().on(new ParticipantEvent.Leaving(is)));
    }

    private void awaitSettled() {
        loop.view().require();
        Deadline deadline = Deadline.after(settings.flip().hold().plus(SETTLE));
        try {
            if (deadline.await(() -> loop.ask(loop.seats()::areSettled), LOOK_MILLIS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new FleetRefused(
                Reason.BUSY,
                "This member has voted for a change, and it is not known yet whether that was made. Nothing has changed."
                        + " Try again.");
    }

    private void takeOut(String member) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            StoreContents contents = loop.view().require();
            if (!member.equals(settings.member()) || contents.roster().contains(member)) {
                refuse(member, contents);
            }
            try {
                if (store.send(Enrolment.leaveOrEnd(member, contents), fleet, 0)) {
                    return;
                }
            } catch (EtcdFailed e) {
                throw FleetWords.unreachable(String.valueOf(e.getMessage()));
            }
            awaitRead();
        }
        throw new FleetRefused(Reason.BUSY, "The fleet is changed all the time. Nothing has changed. Try again later.");
    }

    private static boolean isLast(StoreContents contents) {
        return contents.roster().size() == 1;
    }

    private void refuse(String member, StoreContents contents) {
        if (!contents.roster().contains(member)) {
            throw new FleetRefused(
                    Reason.NO_MEMBER,
                    "The fleet has no member '" + member + "'; it has " + String.join(", ", contents.roster()) + ".");
        }
        if (isLast(contents) && isStopping.getAsBoolean()) {
            throw new FleetRefused(
                    Reason.NO_MEMBER,
                    "'" + member + "' is the last member, and a stop does not end the fleet. It stays a member.");
        }
        if (!member.equals(settings.member()) && contents.isPresent(member)) {
            throw new FleetRefused(
                    Reason.EXISTS,
                    "Member '" + member + "' is here. Nothing has changed. Have it leave by itself: turnout fleet leave"
                            + " on that machine.");
        }
    }

    private void awaitRead() {
        CompletableFuture<Boolean> read = new CompletableFuture<>();
        loop.afterRead(() -> read.complete(true));
        read.completeOnTimeout(false, SETTLE.toMillis(), TimeUnit.MILLISECONDS).join();
    }
}
