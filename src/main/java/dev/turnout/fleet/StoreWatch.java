package dev.turnout.fleet;

import dev.turnout.config.DaemonThread;
import dev.turnout.fleet.etcd.Backoff;
import dev.turnout.fleet.etcd.EtcdFailed;
import dev.turnout.fleet.etcd.Watch;
import dev.turnout.fleet.etcd.WatchBatch;
import dev.turnout.fleet.etcd.WatchEnded;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * The watch of the store, on a thread of its own. It only says that there is something to read: the reads are the truth,
 * and a watch that is silent for no reason costs one period of the reads.
 */
final class StoreWatch {

    private static final Logger LOG = Logger.getLogger(StoreWatch.class);

    private final FleetStore store;
    private final LongSupplier newest;
    private final Runnable changed;
    private final WatchLag lag = new WatchLag();
    private volatile boolean isStopped;
    private volatile Optional<Watch> open = Optional.empty();

    /**
     * @param newest the revision of the last read: what follows it is watched
     * @param changed told of every message with events, but of counts, which wait for the next read; and of the end of a watch
     */
    StoreWatch(FleetStore store, LongSupplier newest, Runnable changed) {
        this.store = store;
        this.newest = newest;
        this.changed = changed;
    }

    void start() {
        DaemonThread.start("turnout-fleet-watch", this::run);
    }

    void stop() {
        isStopped = true;
        close();
    }

    /**
     * Ends the watch that is open if it has said nothing of what a read has seen: another one is opened.
     *
     * @param written the newest revision at which a key was written
     */
    void seen(long written) {
        if (lag.isSilent(written, System.nanoTime())) {
            LOG.warnf("The watch of etcd says nothing, and revision %d was read: another watch is opened", written);
            lag.told(written);
            close();
        }
    }

    private void close() {
        open.ifPresent(Watch::close);
    }

    private void run() {
        Backoff backoff = new Backoff(ThreadLocalRandom.current());
        try {
            while (!isStopped) {
                follow(backoff);
                changed.run();
                backoff.pause();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns when the watch has ended. */
    private void follow(Backoff backoff) {
        long from = newest.getAsLong() + 1;
        lag.begun(from - 1);
        try (Watch watch = store.watch(from)) {
            open = Optional.of(watch);
            while (!isStopped) {
                WatchBatch batch = watch.next();
                if (batch.header().revision() + 1 < from) {
                    // A store that was put back would say nothing until it has come so far again.
                    LOG.debugf(
                            "The store has gone back to revision %d",
                            batch.header().revision());
                    return;
                }
                if (!batch.events().isEmpty()) {
                    batch.events().forEach(event -> lag.told(event.key().modRevision()));
                    if (!batch.events().stream().allMatch(event -> store.isReadAside(event.key()))) {
                        changed.run();
                    }
                }
                backoff.reset();
            }
        } catch (EtcdFailed | WatchEnded e) {
            LOG.debugf("The watch from revision %d has ended: %s", from, e.getMessage());
        } catch (RuntimeException | Error e) {
            LOG.errorf(e, "The watch from revision %d has ended in an error. Another watch is opened.", from);
        } finally {
            open = Optional.empty();
        }
    }
}
