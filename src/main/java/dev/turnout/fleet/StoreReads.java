package dev.turnout.fleet;

import dev.turnout.fleet.etcd.EtcdFailed;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * The reads of the store, one at a time, aside: an etcd that does not answer keeps the fleet's thread from nothing. The
 * fleet's thread only, but for {@link #want}.
 */
final class StoreReads {

    private static final Logger LOG = Logger.getLogger(StoreReads.class);

    /** What is read. */
    interface Source {

        FleetStore.Read read() throws EtcdFailed, FleetUnreadable;
    }

    private final Source store;
    private final AsideWork aside;
    private final Consumer<Runnable> later;
    private final Consumer<FleetStore.Read> seen;
    private final Consumer<Trouble> notSeen;
    private final List<Runnable> waiting = new ArrayList<>();
    private volatile boolean isDue = true;
    private boolean isReading;

    /**
     * @param later runs tasks on the fleet's thread
     * @param seen takes what was read
     * @param notSeen takes why nothing was read
     */
    StoreReads(
            Source store,
            AsideWork aside,
            Consumer<Runnable> later,
            Consumer<FleetStore.Read> seen,
            Consumer<Trouble> notSeen) {
        this.store = store;
        this.aside = aside;
        this.later = later;
        this.seen = seen;
        this.notSeen = notSeen;
    }

    /** Has the store read as soon as the fleet's thread comes to {@link #begin}. Any thread. */
    void want() {
        isDue = true;
    }

    /** Runs a task after the next read that begins, whether it fails or not. */
    void then(Runnable task) {
        waiting.add(task);
        isDue = true;
    }

    /**
     * Begins a read if one is due and none is under way.
     *
     * @param isPeriodic whether one is due for the time that has passed
     */
    void begin(boolean isPeriodic) {
        if (isReading || !isDue && !isPeriodic) {
            return;
        }
        isDue = false;
        isReading = true;
        List<Runnable> after = List.copyOf(waiting);
        waiting.clear();
        aside.begin(() -> read(after), () -> {
            isReading = false;
            isDue = true;
            waiting.addAll(after);
        });
    }

    private void read(List<Runnable> after) {
        Runnable result = () -> {};
        try {
            FleetStore.Read read = store.read();
            result = () -> seen.accept(read);
        } catch (EtcdFailed failed) {
            result = () -> notSeen.accept(FleetWords.silentStore(String.valueOf(failed.getMessage())));
        } catch (FleetUnreadable e) {
            result = () -> notSeen.accept(FleetWords.unreadable(e));
        } catch (RuntimeException | Error e) {
            LOG.error("The store could not be read", e);
            result = () -> notSeen.accept(FleetWords.silentStore(String.valueOf(e)));
        } finally {
            end(result, after);
        }
    }

    private void end(Runnable result, List<Runnable> after) {
        // In one task: a read that began between two of them could be taken first, and what is older would pass for a
        // store that went back.
        later.accept(() -> {
            isReading = false;
            result.run();
        });
        after.forEach(later);
    }
}
