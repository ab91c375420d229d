package dev.turnout.switching;

import dev.turnout.config.Durations;
import dev.turnout.routing.NameAnswer;
import dev.turnout.routing.NameAnswer.Failed;
import dev.turnout.routing.NameAnswer.Found;
import dev.turnout.routing.Target;
import dev.turnout.routing.TcpAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a name whose addresses are targets.
 *
 * @param targets of the last answer; empty before the first
 * @param trouble why the last look-up brought none; empty if it brought some
 * @param failures how many look-ups in a row have brought none
 * @param dueNanos when the name is to be looked up again, as of {@link System#nanoTime}
 */
record FollowedName(Optional<List<Target>> targets, Optional<String> trouble, int failures, long dueNanos) {

    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration MOST = Duration.ofHours(1);
    private static final Duration MOST_AFTER_FAILURE = Duration.ofSeconds(30);
    private static final int MOST_DOUBLINGS = 5;

    /** Returns what is known of a name that was never looked up: it is due. */
    static FollowedName fresh(long nowNanos) {
        return new FollowedName(Optional.empty(), Optional.empty(), 0, nowNanos);
    }

    boolean isDue(long nowNanos) {
        return nowNanos - dueNanos >= 0;
    }

    /**
     * Returns what is known after one more look-up. One that brings nothing leaves the targets as they are. So does half an
     * answer to a name that had the other half: IPv6 addresses.
     */
    FollowedName after(NameAnswer answer, long nowNanos) {
        if (answer instanceof Found found) {
            return found.unknown().isPresent() && hasIpv6()
                    ? failed(found.unknown().get(), nowNanos)
                    : new FollowedName(
                            Optional.of(found.targets()),
                            Optional.empty(),
                            0,
                            nowNanos + time(found.ttl()).toNanos());
        }
        return failed(((Failed) answer).reason(), nowNanos);
    }

    private boolean hasIpv6() {
        return targets.orElse(List.of()).stream()
                .anyMatch(target -> target.address() instanceof TcpAddress address
                        && address.host().indexOf(':') >= 0);
    }

    private FollowedName failed(String reason, long nowNanos) {
        Duration wait = LEAST.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
        Duration again = Durations.shorter(wait, MOST_AFTER_FAILURE);
        return new FollowedName(targets, Optional.of(reason), failures + 1, nowNanos + again.toNanos());
    }

    private static Duration time(Duration ttl) {
        if (ttl.compareTo(LEAST) < 0) {
            return LEAST;
        }
        return Durations.shorter(ttl, MOST);
    }
}
