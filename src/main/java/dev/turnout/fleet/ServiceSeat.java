package dev.turnout.fleet;

import dev.turnout.fleet.decision.FleetAction;
import dev.turnout.fleet.decision.FleetAction.Disbelieve;
import dev.turnout.fleet.decision.FleetAction.OwnRecord;
import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.fleet.decision.Participant;
import dev.turnout.fleet.decision.ParticipantEvent;
import dev.turnout.fleet.decision.ParticipantEvent.AppliedByPeer;
import dev.turnout.fleet.decision.ParticipantEvent.Drained;
import dev.turnout.fleet.decision.ParticipantEvent.GivenUpByPeer;
import dev.turnout.fleet.decision.ParticipantEvent.RecordFailed;
import dev.turnout.fleet.decision.ParticipantEvent.ServeInDoubt;
import dev.turnout.fleet.decision.Reaction;
import dev.turnout.fleet.decision.Seat;
import dev.turnout.fleet.decision.StoreContents;
import dev.turnout.routing.Service;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
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
    private Optional<Ballot> ballot = Optional.empty();
    private Optional<Trouble> inDoubt = Optional.empty();
    private volatile Optional<String> givenUp = Optional.empty();

    /** The epoch whose drain is under way or has ended; 0 for none. */
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

    /** Returns the decision in force here. */
    Decision decision() {
        return participant.decision();
    }

    Service service() {
        return participant.decision().service();
    }

    /** Returns true if requests may be served: what is decided is known, or this process serves alone. */
    boolean isOpen() {
        return participant.confirmed() && !participant.isHolding();
    }

    /** Returns true if this member knows what has become of all of its votes. */
    boolean isSettled() {
        return participant.bound() == null;
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
        Participant before = participant;
        Reaction<Participant> reaction = before.on(event);
        participant = reaction.next();
        if (participant.bound() == null) {
            inDoubt = Optional.empty();
            traffic.heldInDoubt(participant.seat().service(), false);
            if (before.bound() != null && before.epoch() == participant.epoch()) {
                givenUp = Optional.of(before.bound().change());
            }
        }
        return carryOut(reaction.actions());
    }

    /**
     * Called when the time is over that requests are kept for a decision that this member can't learn.
     *
     * @param isServing whether they are served under the decision from before
     */
    void inDoubt(String change, boolean isServing) {
        Participant.Bound bound = participant.bound();
        if (bound == null || !bound.holds() || !bound.change().equals(change)) {
            return;
        }
        inDoubt = Optional.of(FleetWords.inDoubt(service().name(), isServing));
        LOG.error(inDoubt.get().text());
        if (isServing) {
            ballot.filter(vote -> vote.isOf(change)).ifPresent(Ballot::servedInDoubt);
            on(new ServeInDoubt(change));
        } else {
            traffic.heldInDoubt(service().name(), true);
        }
    }

    /** Returns the last change that was voted for here and that is given up, for others to know. Any thread. */
    Optional<String> givenUp() {
        return givenUp;
    }

    /** Takes what another member has told. */
    void told(PeerState peer) {
        String name = participant.seat().service();
        Optional.ofNullable(peer.applied().get(name)).ifPresent(made -> on(new AppliedByPeer(made)));
        Optional.ofNullable(peer.givenUp().get(name)).ifPresent(change -> on(new GivenUpByPeer(change)));
    }

    /** Returns what operators should know if this member can't learn whether a change was made. */
    Optional<Trouble> inDoubt() {
        return inDoubt;
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
            ballot = Optional.of(new Ballot(requireBound().change(), true));
            traffic.hold(name);
        } else if (action instanceof FleetAction.Release) {
            letGo(name);
            traffic.release(name);
        } else if (action instanceof FleetAction.Publish publish) {
            letGo(name);
            traffic.publish(publish.decision().service());
        } else if (action instanceof FleetAction.Send send) {
            return loop.send(send.update(), answer -> {});
        } else if (action instanceof FleetAction.Read) {
            loop.readSoon();
            return false;
        } else if (action instanceof FleetAction.Await await) {
            if (!requireBound().holds()) {
                ballot = Optional.of(new Ballot(await.change(), false));
            }
            loop.await(await.change(), this);
        } else if (action instanceof FleetAction.Drain drain) {
            return drain(drain.decision());
        } else if (action instanceof FleetAction.AskPeers) {
            loop.askPeers();
            return false;
        } else if (action instanceof Disbelieve disbelieve) {
            doubt = Optional.of(disbelieve.doubt());
            return false;
        } else if (action instanceof FleetAction.Retire) {
            loop.later(() -> loop.services().retire(name));
            return false;
        }
        return true;
    }

    private void letGo(String name) {
        ballot.filter(Ballot::isOpen).ifPresent(vote -> vote.letGo(traffic.kept(name)));
    }

    private Participant.Bound requireBound() {
        return Objects.requireNonNull(participant.bound(), "a vote");
    }

    private boolean drain(Decision decision) {
        long epoch = decision.epoch();
        if (draining == epoch) {
            return drained.isPresent() && on(new Drained(epoch, drained.get()));
        }
        draining = epoch;
        drained = Optional.empty();
        loop.aside()
                .begin(
                        () -> {
                            JsonObject drain = traffic.drain(decision.service());
                            loop.later(() -> drained(decision, drain));
                        },
                        () -> draining = draining == epoch ? 0 : draining);
        return false;
    }

    private void drained(Decision decision, JsonObject drain) {
        if (draining == decision.epoch()) {
            String report = report(decision, drain);
            drained = Optional.of(report);
            on(new Drained(decision.epoch(), report));
        }
    }

    /** Returns this member's part of the receipt: {@code vote} if it has voted, and {@code drain}. */
    private String report(Decision decision, JsonObject drain) {
        JsonObject report = new JsonObject();
        ballot.filter(vote -> vote.isOf(decision.change())).ifPresent(vote -> report.put("vote", vote.json()));
        return report.put("drain", drain).encode();
    }
}
