package dev.turnout.fleet;

import dev.turnout.fleet.decision.FleetKey;
import dev.turnout.fleet.etcd.EtcdClient;
import dev.turnout.fleet.etcd.KeyValue;
import dev.turnout.fleet.etcd.Transaction;
import dev.turnout.fleet.etcd.Write;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The offers of a fleet as keys in etcd, beside the decisions. They have no lease: leases that all end at once would look as
 * if nobody renewed anything. Who removes targets counts the time since a key was written, by its own clock.
 */
final class FleetOffers implements Offers {

    private final EtcdClient etcd;
    private final BelievedStore store;
    private final String folder;
    private final String owner;

    /**
     * @param prefix what all keys of the fleet begin with, with a slash at its end
     * @param owner names this process among all
     */
    FleetOffers(EtcdClient etcd, BelievedStore store, String prefix, String owner) {
        this.etcd = etcd;
        this.store = store;
        this.folder = prefix + FleetKey.OFFERS;
        this.owner = owner;
    }

    @Override
    public void renew(Collection<String> names) throws IOException {
        write(names, key -> Write.put(key, owner));
    }

    @Override
    public void remove(Collection<String> names) throws IOException {
        write(names, Write.Delete::new);
    }

    private void write(Collection<String> names, Function<String, Write> write) throws IOException {
        List<Write> writes =
                names.stream().map(name -> write.apply(folder + name)).toList();
        store.answered(() -> etcd.commit(new Transaction(List.of(), writes)));
    }

    @Override
    public SortedMap<String, Long> read() throws IOException {
        SortedMap<String, Long> offers = new TreeMap<>();
        for (KeyValue offer : store.read(() -> etcd.all(folder)).keys()) {
            offers.put(offer.key().substring(folder.length()), offer.modRevision());
        }
        return offers;
    }
}
