package dev.turnout.fleet;

import dev.turnout.config.DaemonThread;
import dev.turnout.fleet.etcd.Compare;
import dev.turnout.fleet.etcd.EtcdClient;
import dev.turnout.fleet.etcd.EtcdFailed;
import dev.turnout.fleet.etcd.KeyValue;
import dev.turnout.fleet.etcd.Transaction;
import dev.turnout.fleet.etcd.Write;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Small files that all members of a fleet have, in etcd beside the decisions. One member at a time may write. Any thread that
 * may block.
 */
public final class FleetFiles {

    /** Behind all keys of decisions, whose reads end before it. */
    static final String FOLDER = "~";

    private static final Logger LOG = Logger.getLogger(FleetFiles.class);

    /** The most characters of one file. */
    private static final int MOST_CHARACTERS = 64 * 1024;

    /** etcd takes 128 operations and 1.5 MiB in one transaction. */
    private static final int MOST_EDITS = 16;

    private static final Duration TERM = Duration.ofSeconds(60);
    private static final Duration RENEWED_EVERY = Duration.ofSeconds(20);

    private final EtcdClient etcd;
    private final String files;
    private final String lock;
    private final String mark;
    private final String owner;
    private final BelievedStore store;

    /**
     * @param prefix what all keys of the fleet begin with, with a slash at its end
     * @param owner names this process among all
     * @param known what is known of the store
     */
    public FleetFiles(EtcdClient etcd, String prefix, String owner, Supplier<StoreKnown> known) {
        this.etcd = etcd;
        this.files = prefix + FOLDER + "files/";
        this.lock = prefix + FOLDER + "writer";
        this.mark = prefix + FOLDER + "written";
        this.owner = owner;
        this.store = new BelievedStore(known);
    }

    /**
     * Returns a number that is another one after each write; 0 before the first.
     *
     * @throws IOException if etcd does not answer, or is not believed
     */
    public long written() throws IOException {
        return store.read(() -> etcd.all(mark)).keys().stream()
                .mapToLong(KeyValue::modRevision)
                .findFirst()
                .orElse(0);
    }

    /**
     * Returns the texts of all files by name.
     *
     * @throws IOException if etcd does not answer, or is not believed
     */
    public SortedMap<String, String> read() throws IOException {
        SortedMap<String, String> found = new TreeMap<>();
        store.read(() -> etcd.all(files))
                .keys()
                .forEach(file -> found.put(file.key().substring(files.length()), file.value()));
        return found;
    }

    /**
     * Takes the right to write; empty if another process has it. It ends a minute after this process has.
     *
     * @throws IOException if etcd does not answer, or is not believed
     */
    public Optional<Right> take() throws IOException {
        return store.answered(() -> {
            long lease = etcd.grant(TERM);
            boolean isTaken = etcd.commit(
                            new Transaction(List.of(Compare.absent(lock)), List.of(new Write.Put(lock, owner, lease))))
                    .succeeded();
            long number = isTaken ? number() : 0;
            if (number == 0) {
                etcd.revoke(lease);
                return Optional.empty();
            }
            return Optional.of(new Right(lease, number));
        });
    }

    private long number() throws EtcdFailed {
        return etcd.get(lock)
                .filter(held -> held.value().equals(owner))
                .map(KeyValue::createRevision)
                .orElse(0L);
    }

    /** The right to write, as long as this process lives and reaches etcd. */
    public final class Right implements AutoCloseable {

        private final long lease;
        private final long number;
        private final AtomicBoolean isOver = new AtomicBoolean();
        private final Thread renewal;

        private Right(long lease, long number) {
            this.lease = lease;
            this.number = number;
            this.renewal = DaemonThread.start("turnout-fleet-files", this::renew);
        }

        private void renew() {
            try {
                while (!isOver.get()) {
                    Thread.sleep(RENEWED_EVERY.toMillis());
                    renewOnce();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void renewOnce() {
            try {
                if (!etcd.keepAlive(lease)) {
                    isOver.set(true);
                }
            } catch (EtcdFailed failed) {
                LOG.debugf("The right to write files of the fleet was not renewed: %s", failed.getMessage());
            } catch (RuntimeException | Error e) {
                LOG.error("The right to write files of the fleet could not be renewed", e);
            }
        }

        /** Returns the number of this right. A later right has a higher number. */
        public long number() {
            return number;
        }

        /** Returns true if etcd says that this process has the right. */
        public boolean isHeld() {
            try {
                return !isOver.get() && FleetFiles.this.number() == number;
            } catch (EtcdFailed failed) {
                return false;
            }
        }

        /** Returns true if etcd says that another process has taken the right. */
        public boolean isTaken() {
            try {
                return etcd.get(lock)
                        .filter(held -> held.createRevision() != number)
                        .isPresent();
            } catch (EtcdFailed failed) {
                return false;
            }
        }

        /**
         * Writes files and deletes others, some at a time.
         *
         * @throws IOException if etcd does not answer, a file is too long, or another process has the right
         */
        public void write(Map<String, String> written, Set<String> deleted) throws IOException {
            List<Write> edits = new ArrayList<>();
            for (Map.Entry<String, String> file : written.entrySet()) {
                if (file.getValue().length() > MOST_CHARACTERS) {
                    throw new IOException(file.getKey() + " has more than the " + MOST_CHARACTERS
                            + " characters of a file of a fleet");
                }
                edits.add(Write.put(files + file.getKey(), file.getValue()));
            }
            deleted.forEach(name -> edits.add(new Write.Delete(files + name)));
            for (int from = 0; from < edits.size(); from += MOST_EDITS) {
                send(edits.subList(from, Math.min(edits.size(), from + MOST_EDITS)));
            }
        }

        private void send(List<Write> some) throws IOException {
            List<Write> writes = new ArrayList<>(some);
            writes.add(Write.put(mark, owner));
            Transaction transaction = new Transaction(List.of(new Compare.Created(lock, number)), writes);
            if (!store.answered(() -> etcd.commit(transaction)).succeeded()) {
                throw new IOException("another member of the fleet writes its files now");
            }
        }

        /** Gives the right back. */
        @Override
        public void close() {
            isOver.set(true);
            renewal.interrupt();
            try {
                etcd.revoke(lease);
            } catch (EtcdFailed failed) {
                LOG.debugf("The right to write files of the fleet ends by itself: %s", failed.getMessage());
            }
        }
    }
}
