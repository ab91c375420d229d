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
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** How a fleet begins, and how members come and go. Any thread that may block. */
final class Enrolling {

    /** A switch may come between the read and the enrolment. */
    private static final int MOST_TRIES = 5;

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

    /** A place that was taken: what the disk has of it, and the lease of this process. */
    record Begun(OwnRecords.Content disk, long lease) {}

    /** Begins a fleet with this Turnout as its only member. */
    Begun begin(RoutingState now, String by) {
        if (now.services().size() > Recovery.MOST_SERVICES) {
            throw FleetWords.tooManyServices(now.services().size());
        }
        try {
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
            long lease = etcd.grant(settings.lease());
            List<Edit> edits = new ArrayList<>(Enrolment.enrol(
                            settings.member(),
                            process,
                            settings.address(),
                            decisions.keySet(),
                            read.contents(disk.life()))
                    .then());
            decisions.forEach((name, decision) -> edits.add(new Edit.Put(FleetKey.state(name), decision)));
            if (!begin(edits, disk, by, lease)) {
                records.end();
                throw exists();
            }
            return new Begun(disk, lease);
        } catch (EtcdFailed | FleetUnreadable e) {
            throw FleetWords.unreachable(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw notRecorded(e);
        }
    }

    /** Returns true if the fleet is the one that was to be begun, even if the store's answer was lost. */
    private boolean begin(List<Edit> edits, OwnRecords.Content disk, String by, long lease)
            throws EtcdFailed, FleetUnreadable {
        StoreUpdate first = new StoreUpdate(StoreUpdate.Purpose.ENROL, List.of(), edits);
        try {
            return store.begin(first, disk.fleet(), disk.secret(), by, lease);
        } catch (EtcdFailed failed) {
            if (!failed.isUncertain()) {
                throw failed;
            }
            return store.read().fleet().filter(disk.fleet()::equals).isPresent();
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
        try {
            long lease = etcd.grant(settings.lease());
            for (int tries = 0; tries < MOST_TRIES; tries++) {
                FleetStore.Read read = store.read();
                String fleet = read.fleet()
                        .orElseThrow(() -> new FleetRefused(
                                Reason.NO_FLEET,
                                "There is no fleet '" + settings.name() + "' in etcd. Nothing has changed. Begin it by"
                                        + " turnout fleet init at the Turnout whose state is to hold."));
                StoreContents contents = read.contents(Lives.first(read.cluster(), fleet));
                refuseStranger(contents);
                Map<String, Decision> decisions = decisions(contents);
                refuseDifference(now, decisions);
                OwnRecords.Content disk = disk(read, fleet, read.secret().orElseThrow(), decisions);
                records.begin(disk);
                decisions.values().forEach(decision -> traffic.publish(decision.service()));
                if (enrol(contents, fleet, lease)) {
                    return new Begun(disk, lease);
                }
            }
            records.end();
            throw new FleetRefused(
                    Reason.BUSY, "The fleet is changed all the time. This Turnout is not in it. Try again later.");
        } catch (EtcdFailed | FleetUnreadable e) {
            throw FleetWords.unreachable(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw notRecorded(e);
        }
    }

    private boolean enrol(StoreContents contents, String fleet, long lease) throws EtcdFailed, FleetUnreadable {
        try {
            StoreUpdate enrol =
                    Enrolment.enrol(settings.member(), process, settings.address(), contents.services(), contents);
            return store.send(enrol, fleet, lease);
        } catch (EtcdFailed failed) {
            if (!failed.isUncertain()) {
                throw failed;
            }
            return store.read().contents(contents.life()).isStarted(settings.member(), process);
        }
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
