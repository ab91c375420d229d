package dev.turnout.fleet.decision;

import dev.turnout.fleet.decision.FleetAction.Drain;
import dev.turnout.fleet.decision.FleetAction.Hold;
import dev.turnout.fleet.decision.FleetAction.OwnRecord;
import dev.turnout.fleet.decision.FleetAction.Publish;
import dev.turnout.fleet.decision.FleetAction.Record;
import dev.turnout.fleet.decision.FleetAction.Release;
import dev.turnout.fleet.decision.FleetAction.Send;
import dev.turnout.fleet.decision.StoreUpdate.Purpose;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A step of one machine in the making: carries out actions on a copy of the machine, and on the store. */
final class Draft {

    /** Updates that may arrive late, twice, or never. All others are answered at once. */
    static final Set<Purpose> SLOW = EnumSet.of(Purpose.VOTE, Purpose.WITHDRAW, Purpose.COMMIT, Purpose.ENROL);

    private final FleetWorld world;
    private final Mutation mutation;
    int member;
    int starts;
    boolean up;
    boolean connected;
    String life;

    @Nullable
    OwnRecord disk;

    @Nullable
    Participant part;

    @Nullable
    Coordinator change;

    int served;
    boolean closed;
    boolean owesRecord;
    List<StoreUpdate> wire;
    int inFlight;
    int before;

    @Nullable
    String givenUp;

    StoreContents store;

    /** What the machine was asked to drain. */
    boolean drains;

    /** The step can't be made, since an update of its kind is under way. */
    boolean blocked;

    @Nullable
    String violation;

    Draft(FleetNode node, StoreContents store, FleetWorld world) {
        this.world = world;
        mutation = world.mutation;
        member = node.member();
        starts = node.starts();
        up = node.up();
        connected = node.connected();
        life = node.life();
        disk = node.disk();
        part = node.part();
        change = node.change();
        served = node.served();
        closed = node.closed();
        owesRecord = node.owesRecord();
        wire = node.wire();
        inFlight = node.inFlight();
        before = node.before();
        givenUp = node.givenUp();
        this.store = store;
    }

    FleetNode node() {
        return new FleetNode(
                member,
                starts,
                up,
                connected,
                life,
                disk,
                part,
                change,
                served,
                closed,
                owesRecord,
                wire,
                inFlight,
                before,
                givenUp);
    }

    Seat seat() {
        return FleetFixture.seat("m" + member, starts);
    }

    void give(ParticipantEvent event) {
        if (part != null) {
            Participant earlier = part;
            Reaction<Participant> reaction = part.on(event);
            part = reaction.next();
            if (world.asksPeers && earlier.bound() != null && part.bound() == null && earlier.epoch() == part.epoch()) {
                givenUp = earlier.bound().change();
            }
            reaction.actions().forEach(this::carryOut);
        }
    }

    void give(CoordinatorEvent event) {
        if (change != null) {
            Reaction<Coordinator> reaction = change.on(event);
            change = reaction.next();
            boolean isDecided = change.stage() == Coordinator.Stage.DECIDED;
            if (isDecided || change.stage() == Coordinator.Stage.OVER) {
                // Whoever is there closes the receipt.
                change = null;
            } else {
                reaction.actions().forEach(this::carryOut);
            }
        }
    }

    void carryOut(FleetAction action) {
        if (action instanceof Record record) {
            write(record.record());
        } else if (action instanceof Hold) {
            closed = true;
        } else if (action instanceof Release) {
            closed = false;
        } else if (action instanceof Publish publish) {
            int epoch = FleetFixture.epoch(publish.decision());
            if (epoch < served) {
                violation = "I4 m" + member + " goes back from e" + served + " to e" + epoch;
            }
            served = epoch;
            closed = false;
        } else if (action instanceof Send send) {
            send(mutation.sent(send.update(), store));
        } else if (action instanceof Drain) {
            drains = true;
        }
    }

    private void write(OwnRecord record) {
        if (mutation == Mutation.ARMED_ON_DISK && record.armed() != null) {
            return;
        }
        boolean isNew =
                disk != null && record.decision().epoch() > disk.decision().epoch();
        if (mutation == Mutation.PERSIST_BEFORE_ACK && isNew) {
            disk = new OwnRecord(disk.decision(), null);
            owesRecord = true;
        } else {
            disk = record;
        }
    }

    void send(StoreUpdate update) {
        if (update.purpose() == Purpose.APPLIED) {
            return;
        }
        boolean isSlow = world.slowReceipts && update.purpose() == Purpose.CLOSE;
        if (isSlow || SLOW.contains(update.purpose())) {
            List<StoreUpdate> same = wire.stream()
                    .filter(other -> other.purpose() == update.purpose())
                    .toList();
            if (same.isEmpty()) {
                List<StoreUpdate> next = new ArrayList<>(wire);
                next.add(update);
                next.sort((a, b) -> a.purpose().compareTo(b.purpose()));
                wire = List.copyOf(next);
            } else if (!same.contains(update)) {
                blocked = true;
            }
            return;
        }
        StoreContents after = ModelStore.apply(store, update);
        if (after == null) {
            blocked = true;
        } else {
            store = after;
        }
    }

    void unwire(StoreUpdate update) {
        wire = wire.stream().filter(other -> !other.equals(update)).toList();
    }

    void crash() {
        up = false;
        part = null;
        change = null;
        closed = true;
        served = 0;
        owesRecord = false;
        inFlight = 0;
        before = 0;
        givenUp = null;
    }

    /** Starts another process from the disk. */
    void start(boolean alone) {
        up = true;
        starts++;
        givenUp = null;
        if (disk != null) {
            served = FleetFixture.epoch(disk.decision());
            closed = true;
            part = Participant.started(seat(), life, disk).next();
            if (alone) {
                give(new ParticipantEvent.StartAlone());
            }
        }
    }
}
