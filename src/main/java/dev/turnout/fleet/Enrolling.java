package dev.turnout.fleet;

import dev.turnout.fleet.FleetRefused.Reason;
import dev.turnout.fleet.decision.Enrolment;
import dev.turnout.fleet.decision.FleetAction.OwnRecord;
import dev.turnout.fleet.decision.FleetKey;
import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.fleet.decision.Recovery;
import dev.turnout.fleet.decision.StoreContents;
import dev.turnout.fleet.decision.StoreUpdate;
import dev.turnout.fleet.decision.StoreUpdate.Edit;
import dev.turnout.fleet.etcd.EtcdClient;
import dev.turnout.fleet.etcd.EtcdFailed;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jboss.logging.Logger;

/** How a fleet begins, and how members come and go. Any thread that may block. */
final class Enrolling {

    /** A switch may come between the read and the enrolment. */
    private static final int MOST_TRIES = 5;

    private static final Logger LOG = Logger.getLogger(Enrolling.class);

    private final FleetSettings settings;
    private final EtcdClient etcd;
    private final FleetStore store;
    private final OwnRecords records;
    private final String process;

    Enrolling(FleetSettings settings, EtcdClient etcd, FleetStore store, OwnRecords records, String process) {
        this.settings = settings;
        this.etcd = etcd;
        this.store = store;
        this.records = records;
        this.process = process;
    }

    /** A place that was taken: what the disk has of it, and the lease of this process; 0 if it is to get another one. */
    record Begun(OwnRecords.Content disk, long lease) {}

    /** Begins a fleet with this Turnout as its only member. */
    Begun begin(RoutingState now, String by) {
        if (now.services().size() > Recovery.MOST_SERVICES) {
            throw FleetWords.tooManyServices(now.services().size());
        }
        return entered(() -> {
            long lease = etcd.grant(settings.lease());
            FleetStore.Read read = store.read();
            if (read.fleet().isPresent()) {
                throw exists();
            }
            String fleet = UUID.randomUUID().toString();
            Map<String, Decision> decisions = new TreeMap<>();
            now.services().forEach((name, service) -> decisions.put(name, new Decision(service, "init-" + fleet)));
            String secret = UUID.randomUUID() + "." + UUID.randomUUID();
            OwnRecords.Content disk = disk(read, fleet, secret, decisions);
            records.begin(disk);
            List<Edit> edits = new ArrayList<>(Enrolment.enrol(
                            settings.member(),
                            process,
                            settings.address(),
                            decisions.keySet(),
                            read.contents(disk.life()))
                    .then());
            decisions.forEach((name, decision) -> edits.add(new Edit.Put(FleetKey.state(name), decision)));
            StoreUpdate first = new StoreUpdate(StoreUpdate.Purpose.ENROL, List.of(), edits);
            Optional<Begun> begun = sent(disk, lease, () -> store.begin(first, fleet, secret, by, lease));
            if (begun.isEmpty()) {
                throw store.read().fleet().isPresent()
                        ? exists()
                        : FleetWords.unreachable("it has not answered in time");
            }
            return begun.get();
        });
    }

    /** An update that goes with a lease. It returns false if its conditions do not hold. */
    private interface Sending {
        boolean send() throws EtcdFailed;
    }

    /**
     * Sends the update by which this process is enrolled. If its answer is lost, its lease is ended: then it has been made,
     * or is never made.
     *
     * @return empty if it was not made
     */
    private Optional<Begun> sent(OwnRecords.Content disk, long lease, Sending update)
            throws EtcdFailed, FleetUnreadable {
        try {
            return update.send() ? Optional.of(new Begun(disk, lease)) : Optional.empty();
        } catch (EtcdFailed failed) {
            if (!failed.isUncertain()) {
                throw failed;
            }
            return isEnrolledAfter(lease, disk) ? Optional.of(new Begun(disk, 0)) : Optional.empty();
        }
    }

    private boolean isEnrolledAfter(long lease, OwnRecords.Content disk) throws FleetUnreadable {
        try {
            etcd.revoke(lease);
            FleetStore.Read read = store.read();
            return read.fleet().filter(disk.fleet()::equals).isPresent()
                    && Enrolment.isEnrolled(settings.member(), process, read.contents(disk.life()));
        } catch (EtcdFailed failed) {
            throw FleetWords.entryNotKnown();
        }
    }

    /** How a place is taken. */
    private interface Way {
        Begun take() throws EtcdFailed, FleetUnreadable, IOException;
    }

    /** Takes a place. If it is not taken, the disk does not say that it is. */
    private Begun entered(Way way) {
        boolean isEntered = false;
        try {
            Begun begun = way.take();
            isEntered = true;
            return begun;
        } catch (EtcdFailed | FleetUnreadable e) {
            throw FleetWords.unreachable(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw notRecorded(e);
        } finally {
            if (!isEntered) {
                forget();
            }
        }
    }

    private void forget() {
        try {
            records.end();
        } catch (IOException e) {
            LOG.errorf("%s could not be removed: %s. Remove it before the next start.", OwnRecords.FILE, e);
        }
    }

    private FleetRefused exists() {
        return new FleetRefused(
                Reason.EXISTS,
                "There is a fleet '" + settings.name() + "' in etcd already. Nothing has changed. Enter it by turnout"
                        + " fleet join, or give this one another turnout.fleet.name.");
    }

    private static FleetRefused notRecorded(IOException e) {
        return new FleetRefused(
                Reason.UNREACHABLE,
                "The fleet can't be recorded on this machine's disk: " + e.getMessage()
                        + ". Nothing has changed. Make room or mend the disk, then try again.",
                Set.of(),
                e);
    }

    private OwnRecords.Content disk(
            FleetStore.Read read, String fleet, String secret, Map<String, Decision> decisions) {
        TreeMap<String, OwnRecord> services = new TreeMap<>();
        decisions.forEach((name, decision) -> services.put(name, new OwnRecord(decision, null)));
        String life = Lives.first(read.cluster(), fleet);
        return new OwnRecords.Content(
                fleet,
                secret,
                settings.member(),
                life,
                read.revision(),
                Recovery.last(read.contents(life)),
                new TreeMap<>(),
                services,
                new TreeSet<>());
    }

    /** Enters the fleet. What it has decided is on the disk and in force here before the roster has this member. */
    Begun join(RoutingState now, FleetTraffic traffic) {
        return entered(() -> {
            for (int tries = 0; tries < MOST_TRIES; tries++) {
                Optional<Begun> begun = ask(now, traffic, tries > 0);
                if (begun.isPresent()) {
                    return begun.get();
                }
            }
            throw changed();
        });
    }

    /**
     * Asks for a place once.
     *
     * @param isAgain whether what the fleet had decided before is in force here already
     * @return empty if the fleet was changed meanwhile
     */
    private Optional<Begun> ask(RoutingState now, FleetTraffic traffic, boolean isAgain)
            throws EtcdFailed, FleetUnreadable, IOException {
        long lease = etcd.grant(settings.lease());
        FleetStore.Read read = store.read();
        Map<String, Decision> decisions;
        StoreContents contents;
        boolean isEnrolled;
        try {
            String fleet = read.fleet().orElseThrow(this::noFleet);
            contents = read.contents(Lives.first(read.cluster(), fleet));
            // An answer was lost when this process has asked before.
            isEnrolled = Enrolment.isEnrolled(settings.member(), process, contents);
            if (!isEnrolled) {
                refuseStranger(contents);
            }
            decisions = decisions(contents);
            refuseDifference(now, decisions);
        } catch (FleetRefused refused) {
            throw isAgain ? changed() : refused;
        }
        OwnRecords.Content disk =
                disk(read, read.fleet().orElseThrow(), read.secret().orElseThrow(), decisions);
        records.begin(disk);
        decisions.values().forEach(decision -> traffic.publish(decision.service()));
        if (isEnrolled) {
            return Optional.of(new Begun(disk, 0));
        }
        StoreUpdate enrol =
                Enrolment.enrol(settings.member(), process, settings.address(), contents.services(), contents);
        return sent(disk, lease, () -> store.send(enrol, disk.fleet(), lease));
    }

    private FleetRefused noFleet() {
        return new FleetRefused(
                Reason.NO_FLEET,
                "There is no fleet '" + settings.name() + "' in etcd. Nothing has changed. Begin it by"
                        + " turnout fleet init at the Turnout whose state is to hold.");
    }

    private static FleetRefused changed() {
        return new FleetRefused(
                Reason.BUSY,
                "The fleet was changed while this Turnout was to enter it. This Turnout is not in it, and serves on alone"
                        + " by what the fleet had decided a moment ago. Look at turnout fleet status at a member, then try"
                        + " again.");
    }

    private void refuseStranger(StoreContents contents) {
        if (contents.roster().contains(settings.member()) && contents.isPresent(settings.member())) {
            throw new FleetRefused(
                    Reason.EXISTS,
                    "Another machine is member '" + settings.member() + "' of the fleet. Nothing has changed. Give this"
                            + " one another turnout.fleet.member.");
        }
        if (contents.roster().size() >= FleetJson.MOST_MEMBERS) {
            throw new FleetRefused(
                    Reason.EXISTS,
                    "The fleet has " + FleetJson.MOST_MEMBERS + " members, and no more can be in one commit.");
        }
    }

    private static Map<String, Decision> decisions(StoreContents contents) {
        Map<String, Decision> decisions = new TreeMap<>();
        contents.under("state/").values().forEach(entry -> {
            if (entry.value() instanceof Decision decision) {
                decisions.put(decision.service().name(), decision);
            }
        });
        return decisions;
    }

    private static void refuseDifference(RoutingState now, Map<String, Decision> decisions) {
        Set<String> own = new TreeSet<>(now.services().keySet());
        if (!own.equals(decisions.keySet())) {
            throw new FleetRefused(
                    Reason.DIFFERS,
                    "This Turnout has the services " + String.join(", ", own) + ", and the fleet has "
                            + String.join(", ", decisions.keySet())
                            + ". Nothing has changed. Configure the same services, then try again.");
        }
        for (Decision decision : decisions.values()) {
            Service theirs = decision.service();
            Service ours = now.services().get(theirs.name());
            if (ours != null && ours.active() != theirs.active()) {
                throw new FleetRefused(
                        Reason.DIFFERS,
                        "Slot " + ours.active() + " of service '" + theirs.name() + "' serves here, and slot "
                                + theirs.active() + " in the fleet. Nothing has changed. Switch this Turnout to slot "
                                + theirs.active() + ", then try again.");
            }
        }
    }
}
