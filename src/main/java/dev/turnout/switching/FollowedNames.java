package dev.turnout.switching;

import dev.turnout.config.DaemonThread;
import dev.turnout.routing.NameAnswer;
import dev.turnout.routing.NameLookUp;
import dev.turnout.routing.Pool;
import dev.turnout.routing.Target;
import dev.turnout.routing.VisibleText;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import org.jboss.logging.Logger;

/** The names that are followed, and the last answer of each. Threads of its own look them up. Any thread. */
final class FollowedNames {

    private static final Logger LOG = Logger.getLogger(FollowedNames.class);
    private static final int LOOK_UPS_AT_A_TIME = 4;

    private final NameLookUp lookUp;
    private final Map<Target, FollowedName> names = new ConcurrentHashMap<>();
    private final Set<Target> asked = ConcurrentHashMap.newKeySet();
    private final ExecutorService lookUps;

    FollowedNames(NameLookUp lookUp) {
        this(lookUp, task -> DaemonThread.of("turnout-look-up", task));
    }

    FollowedNames(NameLookUp lookUp, ThreadFactory threads) {
        this.lookUp = lookUp;
        this.lookUps = Executors.newFixedThreadPool(LOOK_UPS_AT_A_TIME, threads);
    }

    /** Looks no name up any more. */
    void stop() {
        lookUps.shutdownNow();
    }

    /** Returns what is known of a name; empty if it is not followed. */
    Optional<FollowedName> known(Target name) {
        return Optional.ofNullable(names.get(name));
    }

    /**
     * Follows these names and no others: begins to look up those whose last answer has aged. Does not block.
     *
     * @param nowNanos of {@link System#nanoTime}
     */
    void follow(Set<Target> followed, long nowNanos) {
        names.keySet().retainAll(followed);
        for (Target name : followed) {
            if (names.computeIfAbsent(name, fresh -> FollowedName.fresh(nowNanos))
                            .isDue(nowNanos)
                    && asked.add(name)) {
                begin(name);
            }
        }
    }

    /** Begins a look-up. A name whose look-up can't begin is due still. */
    private void begin(Target name) {
        try {
            lookUps.execute(() -> ask(name));
        } catch (RuntimeException | Error e) {
            asked.remove(name);
            throw e;
        }
    }

    private void ask(Target name) {
        try {
            answered(name, lookUp.lookUp(name));
        } catch (RuntimeException e) {
            answered(name, new NameAnswer.Failed(String.valueOf(e.getMessage())));
        } finally {
            asked.remove(name);
        }
    }

    private void answered(Target name, NameAnswer answer) {
        names.computeIfPresent(name, (same, known) -> {
            FollowedName next = known.after(answer, System.nanoTime());
            if (next.failures() == 1) {
                LOG.warnf(
                        "%s can't be looked up: %s. The targets of its last answer stay",
                        name, VisibleText.of(next.trouble().orElse(""), VisibleText.SHORT));
            } else if (next.failures() == 0 && known.failures() > 0) {
                LOG.infof("%s is looked up again: %s", name, next.targets().orElse(List.of()));
            }
            return next;
        });
    }

    /** Returns true if the last look-up of each name of a slot has brought targets. */
    boolean areUp(Pool pool) {
        return pool.configured().stream().filter(Target::isName).allMatch(name -> known(name)
                .filter(known -> known.targets().isPresent() && known.trouble().isEmpty())
                .isPresent());
    }

    /** Returns the targets of a slot by its names; empty if one of them was never answered. */
    Optional<List<Target>> standFor(Pool pool) {
        Set<Target> all = new LinkedHashSet<>();
        for (Target configured : pool.configured()) {
            if (!configured.isName()) {
                all.add(configured);
                continue;
            }
            Optional<List<Target>> targets = known(configured).flatMap(FollowedName::targets);
            if (targets.isEmpty()) {
                return Optional.empty();
            }
            all.addAll(targets.get());
        }
        return Optional.of(List.copyOf(all));
    }
}
