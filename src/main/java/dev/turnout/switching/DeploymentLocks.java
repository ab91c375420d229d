package dev.turnout.switching;

import dev.turnout.routing.VisibleText;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The locks that deployers hold while they deploy: one for each service, with an owner and an expiry.
 *
 * <p>The locks are advice among deployers. A change is made without asking for them. They are in memory only: a deployer
 * takes the lock anew when it renews after a restart of Turnout. Any thread.
 */
public final class DeploymentLocks {

    /** The length of an owner's name. Characters. */
    public static final int OWNER_CHARACTERS = 100;

    private final Map<String, Held> held = new HashMap<>();
    private final Clock clock;

    public DeploymentLocks(Clock clock) {
        this.clock = clock;
    }

    /**
     * A lock that is held.
     *
     * @param id the name of the lock, which only its holder knows
     * @param owner who deploys, in words
     * @param since when the lock was taken
     * @param expiresAt when the lock is free, unless it is renewed
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
        Instant now = clock.instant();
        Optional<Held> holder = holder(service);
        if (holder.isPresent() && !holder.get().id().equals(id)) {
            return new Answer.Taken(holder.get());
        }
        Held lock = new Held(id, owner, holder.map(Held::since).orElse(now), now.plus(time));
        held.put(service, lock);
        return new Answer.Granted(lock);
    }

    /** Frees a lock. A lock that nobody has stays free. */
    public synchronized Answer free(String service, String id) {
        Optional<Held> holder = holder(service);
        if (holder.isPresent() && !holder.get().id().equals(id)) {
            return new Answer.Taken(holder.get());
        }
        held.remove(service);
        return new Answer.Free();
    }

    /** Returns the lock of a service; empty if nobody has the lock. */
    public synchronized Optional<Held> holder(String service) {
        return Optional.ofNullable(held.get(service))
                .filter(lock -> clock.instant().isBefore(lock.expiresAt()));
    }
}
