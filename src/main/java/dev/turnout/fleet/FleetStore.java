package dev.turnout.fleet;

import dev.turnout.fleet.decision.FleetKey;
import dev.turnout.fleet.decision.FleetValue;
import dev.turnout.fleet.decision.StoreContents;
import dev.turnout.fleet.decision.StoreContents.Entry;
import dev.turnout.fleet.decision.StoreUpdate;
import dev.turnout.fleet.decision.StoreUpdate.Condition;
import dev.turnout.fleet.decision.StoreUpdate.Edit;
import dev.turnout.fleet.etcd.Compare;
import dev.turnout.fleet.etcd.EtcdClient;
import dev.turnout.fleet.etcd.EtcdFailed;
import dev.turnout.fleet.etcd.Header;
import dev.turnout.fleet.etcd.KeyRange;
import dev.turnout.fleet.etcd.KeyValue;
import dev.turnout.fleet.etcd.Transaction;
import dev.turnout.fleet.etcd.Watch;
import dev.turnout.fleet.etcd.Write;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The keys of one fleet in etcd. Any thread that may block. */
final class FleetStore {

    private final EtcdClient etcd;
    private final String prefix;

    /** @param prefix what all keys begin with, with a slash at its end */
    FleetStore(EtcdClient etcd, String prefix) {
        this.etcd = etcd;
        this.prefix = prefix;
    }

    /**
     * What a read has seen.
     *
     * @param header says which store has answered, and its revision
     * @param fleet the id of the fleet; empty if nobody has begun one
     * @param secret by which its members know each other; empty without a fleet
     */
    record Read(Header header, Optional<String> fleet, Optional<String> secret, SortedMap<FleetKey, Entry> entries) {

        String cluster() {
            return header.cluster();
        }

        long revision() {
            return header.revision();
        }

        /** Returns the contents as a life of the store has them. */
        StoreContents contents(String life) {
            return new StoreContents(life, entries);
        }
    }

    /** Reads all keys of decisions by quorum, as they are in one revision. */
    Read read() throws EtcdFailed, FleetUnreadable {
        KeyRange range = etcd.between(prefix, prefix + FleetFiles.FOLDER);
        SortedMap<FleetKey, Entry> entries = new TreeMap<>();
        Optional<String> fleet = Optional.empty();
        Optional<String> secret = Optional.empty();
        for (KeyValue found : range.keys()) {
            FleetKey key = new FleetKey(found.key().substring(prefix.length()));
            try {
                JsonObject json = FleetJson.object(found.value());
                if (key.equals(FleetKey.FLEET)) {
                    fleet = Optional.of(FleetJson.fleet(json));
                    secret = Optional.of(FleetJson.secret(json));
                } else {
                    FleetValue value = FleetJson.read(key, json);
                    entries.put(key, new Entry(value, found.createRevision(), found.modRevision()));
                }
            } catch (IllegalArgumentException e) {
                throw new FleetUnreadable(found.key(), String.valueOf(e.getMessage()));
            }
        }
        return new Read(range.header(), fleet, secret, entries);
    }

    /** Opens a watch of all keys. */
    Watch watch(long from) throws EtcdFailed {
        return etcd.watch(prefix, from);
    }

    /** Returns true if a key is read by who needs it only: what members see of a switch that is watched, and files. */
    boolean isReadAside(KeyValue key) {
        return key.key().startsWith(prefix + FleetKey.COUNTS) || key.key().startsWith(prefix + FleetFiles.FOLDER);
    }

    /**
     * Makes an update, or learns that its conditions do not hold.
     *
     * @param fleet the id of the fleet
     * @param lease of this process, for edits that go with it
     */
    boolean send(StoreUpdate update, String fleet, long lease) throws EtcdFailed {
        return etcd.commit(new Transaction(
                        update.when().stream().map(this::compare).toList(),
                        update.then().stream()
                                .map(edit -> write(edit, fleet, lease))
                                .toList()))
                .succeeded();
    }

    /** Begins a fleet, unless there is one. Returns false if there is. */
    boolean begin(StoreUpdate first, String fleet, String secret, String by, long lease) throws EtcdFailed {
        List<Write> writes = new ArrayList<>();
        writes.add(Write.put(key(FleetKey.FLEET), FleetJson.mark(fleet, secret, by)));
        first.then().forEach(edit -> writes.add(write(edit, fleet, lease)));
        return etcd.commit(new Transaction(List.of(Compare.absent(key(FleetKey.FLEET))), writes))
                .succeeded();
    }

    /**
     * Tells a store that was lost what holds. Returns false if it was changed meanwhile.
     *
     * @param isThere whether the store has the mark of the fleet
     */
    boolean recover(StoreUpdate update, String fleet, String secret, String by, boolean isThere) throws EtcdFailed {
        List<Compare> compares = new ArrayList<>();
        update.when().forEach(condition -> compares.add(compare(condition)));
        List<Write> writes = new ArrayList<>();
        update.then().forEach(edit -> writes.add(write(edit, fleet, 0)));
        if (!isThere) {
            compares.add(Compare.absent(key(FleetKey.FLEET)));
            writes.add(Write.put(key(FleetKey.FLEET), FleetJson.mark(fleet, secret, by)));
        }
        return etcd.commit(new Transaction(compares, writes)).succeeded();
    }

    private Compare compare(Condition condition) {
        String key = key(condition.key());
        if (condition instanceof Condition.Written written) {
            return new Compare.Written(key, written.revision());
        }
        return condition instanceof Condition.Created created
                ? new Compare.Created(key, created.revision())
                : new Compare.Exists(key);
    }

    private Write write(Edit edit, String fleet, long lease) {
        if (edit instanceof Edit.Put put) {
            return Write.put(key(put.key()), FleetJson.write(put.key(), put.value(), fleet));
        }
        if (edit instanceof Edit.PutLeased put) {
            return new Write.Put(key(put.key()), FleetJson.write(put.key(), put.value(), fleet), lease);
        }
        return edit instanceof Edit.Delete delete
                ? new Write.Delete(key(delete.key()))
                : new Write.DeleteAll(prefix + ((Edit.DeleteUnder) edit).prefix());
    }

    private String key(FleetKey key) {
        return prefix + key.path();
    }
}
