package dev.turnout.switching;

import dev.turnout.routing.VisibleText;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * The locks that deployers hold while they deploy: one for each service, with an owner and an expiry.
 *
 * <p>The locks are advice among deployers. A change is made without asking for them. They are in memory only: a deployer
 * takes the lock anew when it renews after a restart of Turnout. Any thread.
 */
public final class DeploymentLocks {

    /** The length of an owner's name. Characters. */
    public static final int OWNER_CHARACTERS = 100;

    private final Map<String, Kept> kept = new HashMap<>();
    private final Clock clock;
    private final LongSupplier nanoTime;

    /**
     * Makes the locks, all of them free.
     *
     * @param nanoTime what time has passed, whatever is done to the clock: {@link System#nanoTime}
     */
    public DeploymentLocks(Clock clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    private record Kept(String id, String owner, Instant since, long endNanos) {}

    /**
     * A lock that is held.
     *
     * @param id the name of the lock, which only its holder knows
     * @param owner who deploys, in words
     * @param since when the lock was taken
     * @param expiresAt when the lock is free, unless it is renewed. By the clock as it goes now.
     */
    public record Held(String id, String owner, Instant since, Instant expiresAt) {
        public Held {
            owner = VisibleText.of(owner, OWNER_CHARACTERS);
        }
    }

    /** The outcome of a call. */
    public sealed interface Answer {

        /** The caller has the lock now. */
        record Granted(Held lock) implements Answer {}

        /** Another deployer has the lock. */
        record Taken(Held lock) implements Answer {}

        /** Nobody has the lock now. */
        record Free() implements Answer {}
    }

    /** Takes the lock of a service for a time, with a new id. */
    public synchronized Answer take(String service, String owner, Duration time) {
        return renew(service, UUID.randomUUID().toString(), owner, time);
    }

    /** Renews a lock for a time. Takes the lock if it is free: it has expired, or Turnout was restarted. */
    public synchronized Answer renew(String service, String id, String owner, Duration time) {
        Optional<Held> holder = holder(service);
        if (holder.isPresent() && !holder.get().id().equals(id)) {
            return new Answer.Taken(holder.get());
        }
        Instant since = holder.map(Held::since).orElseGet(clock::instant);
        Kept lock = new Kept(id, owner, since, nanoTime.getAsLong() + time.toNanos());
        kept.put(service, lock);
        return new Answer.Granted(shown(lock));
    }

    /** Frees a lock. A lock that nobody has stays free. */
    public synchronized Answer free(String service, String id) {
        Optional<Held> holder = holder(service);
        if (holder.isPresent() && !holder.get().id().equals(id)) {
            return new Answer.Taken(holder.get());
        }
        kept.remove(service);
        return new Answer.Free();
    }

    /** Returns the lock of a service; empty if nobody has the lock. */
    public synchronized Optional<Held> holder(String service) {
        return Optional.ofNullable(kept.get(service))
                .filter(lock -> leftNanos(lock) > 0)
                .map(this::shown);
    }

    private long leftNanos(Kept lock) {
        return lock.endNanos() - nanoTime.getAsLong();
    }

    private Held shown(Kept lock) {
        Instant end = clock.instant().plusNanos(leftNanos(lock));
        return new Held(lock.id(), lock.owner(), lock.since(), end.truncatedTo(ChronoUnit.MILLIS));
    }
}
