package dev.turnout.switching;

import dev.turnout.config.DaemonThread;
import dev.turnout.fleet.Offers;
import dev.turnout.switching.OverdueTargets.Lease;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * The renewals of targets in a fleet. Each member tells the store of those that it gets, some at a time: a target that is
 * renewed more often than that is told once. The member that removes targets looks which ones were renewed since its last
 * look. Any thread, but for {@link #since}.
 */
final class SharedRenewals {

    private static final Logger LOG = Logger.getLogger(SharedRenewals.class);
    private static final long PAUSE_MILLIS = 100;

    private final Supplier<Optional<Offers>> offers;
    private final Map<String, CompletableFuture<Void>> waiting = new ConcurrentHashMap<>();
    private final AtomicBoolean isTelling = new AtomicBoolean();
    private final ScheduledThreadPoolExecutor thread;
    private SortedMap<String, Long> seen = new TreeMap<>();
    private boolean mayHaveOthers = true;

    /** @param offers those of the fleet; empty outside of it */
    SharedRenewals(Supplier<Optional<Offers>> offers) {
        this(offers, task -> DaemonThread.of("turnout-renewals", task));
    }

    SharedRenewals(Supplier<Optional<Offers>> offers, ThreadFactory threads) {
        this.offers = offers;
        this.thread = new ScheduledThreadPoolExecutor(1, threads);
    }

    /** Tells nobody any more. */
    void stop() {
        thread.shutdownNow();
    }

    /**
     * Tells the store that a target was renewed. Does not block.
     *
     * @param name of the target among all of the fleet
     * @return fails with {@link ChangeRefused} if the store was not told
     */
    CompletionStage<Void> tell(String name) {
        CompletableFuture<Void> told = waiting.computeIfAbsent(name, first -> new CompletableFuture<>());
        if (isTelling.compareAndSet(false, true)) {
            begin();
        }
        return told;
    }

    /** Begins to tell the store. If no thread can do it, all that waits fails, and the next renewal begins anew. */
    private void begin() {
        try {
            thread.execute(this::tellSome);
        } catch (RuntimeException | Error e) {
            // The task is in the queue when the pool finds that no thread can be started.
            thread.getQueue().clear();
            isTelling.set(false);
            while (!waiting.isEmpty()) {
                fail(take(), e);
            }
        }
    }

    private void tellSome() {
        Map<String, CompletableFuture<Void>> some = take();
        try {
            if (!some.isEmpty()) {
                offers.get()
                        .orElseThrow(() -> new IOException("this Turnout has left it"))
                        .renew(some.keySet());
            }
            some.values().forEach(told -> told.complete(null));
        } catch (IOException | RuntimeException | Error e) {
            fail(some, e);
        }
        if (some.isEmpty()) {
            isTelling.set(false);
        }
        if (!some.isEmpty() || !waiting.isEmpty() && isTelling.compareAndSet(false, true)) {
            thread.schedule(this::tellSome, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private Map<String, CompletableFuture<Void>> take() {
        Map<String, CompletableFuture<Void>> some = new TreeMap<>();
        Iterator<String> names = waiting.keySet().iterator();
        while (names.hasNext() && some.size() < Offers.MOST_AT_A_TIME) {
            String name = names.next();
            CompletableFuture<Void> told = waiting.remove(name);
            if (told != null) {
                some.put(name, told);
            }
        }
        return some;
    }

    private static void fail(Map<String, CompletableFuture<Void>> some, Throwable cause) {
        some.values().forEach(told -> told.completeExceptionally(notTold(cause)));
    }

    private static ChangeRefused notTold(Throwable cause) {
        return new ChangeRefused(
                ChangeRefused.Reason.FLEET_UNREACHABLE,
                "The fleet could not be told that the target is renewed: " + cause.getMessage()
                        + ". Nothing has changed. Renew it again, here or at another member: a target that no member hears of"
                        + " is removed when its time is over.");
    }

    /**
     * Returns which targets were renewed since the last look, and removes what the store knows of others of the same services.
     * Blocks.
     *
     * @param services those that this member looks after: another one may look after the rest
     * @param names of all targets of these services that have to be renewed
     * @return empty if the store can't be read: nobody knows what was renewed
     */
    Optional<Set<String>> since(Set<String> services, Set<String> names) {
        if (services.isEmpty()) {
            seen = new TreeMap<>();
            mayHaveOthers = true;
            return Optional.of(Set.of());
        }
        if (names.isEmpty() && !mayHaveOthers) {
            return Optional.of(Set.of());
        }
        try {
            Offers known = offers.get().orElseThrow(() -> new IOException("this Turnout is in none"));
            SortedMap<String, Long> now = known.read();
            now.keySet().removeIf(name -> !services.contains(Lease.serviceOf(name)));
            Set<String> renewed = names.stream()
                    .filter(name -> now.containsKey(name) && !now.get(name).equals(seen.get(name)))
                    .collect(Collectors.toSet());
            List<String> others = now.keySet().stream()
                    .filter(name -> !names.contains(name))
                    .limit(Offers.MOST_AT_A_TIME)
                    .toList();
            if (!others.isEmpty()) {
                known.remove(others);
            }
            mayHaveOthers = !now.isEmpty();
            seen = now;
            return Optional.of(renewed);
        } catch (IOException e) {
            LOG.debugf("It is not known which targets were renewed: %s", e.getMessage());
            return Optional.empty();
        }
    }
}
