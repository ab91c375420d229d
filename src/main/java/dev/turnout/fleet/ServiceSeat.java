package dev.turnout.fleet;

import dev.turnout.fleet.decision.FleetAction;
import dev.turnout.fleet.decision.FleetAction.Disbelieve;
import dev.turnout.fleet.decision.FleetAction.OwnRecord;
import dev.turnout.fleet.decision.Participant;
import dev.turnout.fleet.decision.ParticipantEvent;
import dev.turnout.fleet.decision.ParticipantEvent.Drained;
import dev.turnout.fleet.decision.ParticipantEvent.RecordFailed;
import dev.turnout.fleet.decision.Reaction;
import dev.turnout.fleet.decision.Seat;
import dev.turnout.fleet.decision.StoreContents;
import dev.turnout.routing.Service;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** This member's part in one service: the participant, and its actions carried out. The fleet's thread only. */
final class ServiceSeat {

    private static final Logger LOG = Logger.getLogger(ServiceSeat.class);

    /** One step does one thing, so a read may take some. */
    private static final int MOST_STEPS = 8;

    private final FleetLoop loop;
    private final FleetTraffic traffic;
    private final OwnRecords records;
    private Participant participant;
    private Optional<FleetAction.Doubt> doubt = Optional.empty();
    private long draining;
    private Optional<String> drained = Optional.empty();

    ServiceSeat(FleetLoop loop, FleetTraffic traffic, OwnRecords records, Seat seat, String life, OwnRecord disk) {
        this.loop = loop;
        this.traffic = traffic;
        this.records = records;
        Reaction<Participant> first = Participant.started(seat, life, disk);
        this.participant = first.next();
        loop.later(() -> carryOut(first.actions()));
    }

    Service service() {
        return participant.decision().service();
    }

    /** Returns true if requests may be served: what is decided is known, or this process serves alone. */
    boolean isOpen() {
        return participant.confirmed() && !participant.isHolding();
    }

    boolean isHolding() {
        return participant.isHolding();
    }

    /** Returns why the store is not believed; empty if it is. */
    Optional<FleetAction.Doubt> doubt() {
        return doubt;
    }

    /** Takes what the store has. */
    void seen(StoreContents contents) {
        doubt = Optional.empty();
        for (int step = 0; step < MOST_STEPS && on(new ParticipantEvent.Seen(contents)); step++) {
            // The same contents once more.
        }
    }

    /** Takes an event. Returns true if it had something done. */
    boolean on(ParticipantEvent event) {
        Reaction<Participant> reaction = participant.on(event);
        participant = reaction.next();
        return carryOut(reaction.actions());
    }

    private boolean carryOut(List<FleetAction> actions) {
        boolean isNew = false;
        for (FleetAction action : actions) {
            try {
                isNew |= carryOut(action);
            } catch (IOException e) {
                LOG.errorf(
                        "%s: what the fleet decides can't be recorded: %s",
                        service().name(), e);
                on(new RecordFailed());
                return false;
            }
        }
        return isNew;
    }

    private boolean carryOut(FleetAction action) throws IOException {
        String name = participant.seat().service();
        if (action instanceof FleetAction.Record record) {
            records.put(name, record.record(), loop.revision());
        } else if (action instanceof FleetAction.Hold) {
            traffic.hold(name);
        } else if (action instanceof FleetAction.Release) {
            traffic.release(name);
        } else if (action instanceof FleetAction.Publish publish) {
            traffic.publish(publish.decision().service());
        } else if (action instanceof FleetAction.Send send) {
            return loop.send(send.update(), made -> {});
        } else if (action instanceof FleetAction.Read) {
            loop.readSoon();
            return false;
        } else if (action instanceof FleetAction.Await await) {
            loop.await(await.change(), this);
        } else if (action instanceof FleetAction.Drain drain) {
            return drain(drain.decision().service());
        } else if (action instanceof Disbelieve disbelieve) {
            doubt = Optional.of(disbelieve.doubt());
            return false;
        }
        // Peers are not asked yet: a member in doubt waits for the store.
        return !(action instanceof FleetAction.AskPeers);
    }

    private boolean drain(Service decided) {
        long epoch = decided.revision();
        if (draining == epoch) {
            return drained.isPresent() && on(new Drained(epoch, drained.get()));
        }
        draining = epoch;
        drained = Optional.empty();
        loop.aside(() -> {
            String report = traffic.drain(decided);
            loop.later(() -> {
                if (draining == epoch) {
                    drained = Optional.of(report);
                    on(new Drained(epoch, report));
                }
            });
        });
        return false;
    }
}
