package dev.turnout.proxy.route;

import dev.turnout.config.Balance;
import dev.turnout.proxy.http1.StickySession;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The targets in rotation of one slot under one routing state, and which of them gets a request.
 *
 * <p>A suspended target is skipped while another target is available. If all are suspended, all are used. A target that
 * has as many connections as it may is skipped while another one has room. A target that has just come back is skipped
 * at random, less and less often. Each event loop keeps a turn of its own, so that
 * choosing a target shares nothing between threads.
 */
final class Rotation {

    /** Turns this far apart do not share a cache line. */
    private static final int STRIDE = 32;

    /** Targets that joined within this time are preferred by sessions that have lost theirs. */
    private static final long ROLLING_NANOS = TimeUnit.MINUTES.toNanos(10);

    /** Who may be chosen, more and more of them until somebody is there. */
    private enum Willing {
        READY,
        STARTING_TOO,
        FULL_TOO,
        SUSPENDED_TOO,
        READY_AND_OPEN,
        OPEN,
        READY_AND_NEW,
        READY_AND_CLOSED
    }

    private final TargetState[] upstreams;
    private final Balance balance;
    private final int[] turns;

    Rotation(List<TargetState> upstreams, Balance balance, int loops) {
        this.upstreams = upstreams.toArray(new TargetState[0]);
        this.balance = balance;
        this.turns = new int[loops * STRIDE];
        for (int loop = 0; loop < loops; loop++) {
            turns[loop * STRIDE] = loop % Math.max(1, upstreams.size());
        }
    }

    List<TargetState> upstreams() {
        return List.of(upstreams);
    }

    /** Those that get no requests now, since they do not work and another one does. */
    List<TargetState> passedOver() {
        List<TargetState> suspended =
                Arrays.stream(upstreams).filter(TargetState::isSuspended).toList();
        return suspended.size() == upstreams.length ? List.of() : suspended;
    }

    /**
     * Returns the target that gets the next request.
     *
     * @param loop the index of the event loop that asks
     * @param tried a target that has just failed and is passed by; may be null
     * @return null if there is none
     */
    @Nullable
    TargetState next(int loop, @Nullable TargetState tried) {
        TargetState working = nextWorking(loop, tried);
        return working == null ? take(loop, tried, Willing.SUSPENDED_TOO) : working;
    }

    /** As {@link #next}, but never one that is suspended. */
    @Nullable
    TargetState nextWorking(int loop, @Nullable TargetState tried) {
        TargetState ready = take(loop, tried, Willing.READY);
        TargetState withRoom = ready == null ? take(loop, tried, Willing.STARTING_TOO) : ready;
        return withRoom == null ? take(loop, tried, Willing.FULL_TOO) : withRoom;
    }

    /** Returns another target than this one that works and has room for a further request; null if there is none. */
    @Nullable
    TargetState withRoomBeside(TargetState full, int loop) {
        return take(loop, full, Willing.STARTING_TOO);
    }

    /** As {@link #next}, but only one that is open to previews. */
    @Nullable
    TargetState nextOpen(int loop) {
        TargetState ready = take(loop, null, Willing.READY_AND_OPEN);
        return ready == null ? take(loop, null, Willing.OPEN) : ready;
    }

    /** As {@link #nextOpen}, but never one that is suspended. */
    @Nullable
    TargetState nextOpenAndWorking(int loop) {
        return take(loop, null, Willing.READY_AND_OPEN);
    }

    /** Returns a target that works, and whose drain has begun: it has the version that served; null if there is none. */
    @Nullable
    TargetState nextDrainedAndWorking(int loop) {
        return take(loop, null, Willing.READY_AND_CLOSED);
    }

    /** Returns a target that works, and has another version than the one that served last; null if there is none. */
    @Nullable
    TargetState nextRehearsing(int loop) {
        return take(loop, null, Willing.READY_AND_NEW);
    }

    /** Returns true if there are targets and none of them is open to previews. */
    boolean isClosed() {
        return upstreams.length > 0 && Arrays.stream(upstreams).noneMatch(TargetState::isOpenToPreviews);
    }

    /** Returns the target that a session is kept at; null if it is not here, or is suspended. */
    @Nullable
    TargetState keptAt(StickySession session) {
        for (TargetState target : upstreams) {
            if (session.isKeptAt(target.stickyTag()) && !target.isSuspended()) {
                return target;
            }
        }
        return null;
    }

    /**
     * Returns the target that a session moves to, the same for all its requests: one of those that joined last, if that
     * was a short time ago. In the middle of a rolling replacement the others are about to leave.
     *
     * @param tried a target that has just failed and is passed by; may be null
     * @return null if none works
     */
    @Nullable
    TargetState newHome(StickySession session, @Nullable TargetState tried) {
        long now = System.nanoTime();
        TargetState home = null;
        long youngest = Long.MAX_VALUE;
        for (TargetState target : upstreams) {
            if (target == tried || target.isSuspended()) {
                continue;
            }
            long age = target.joinedAgo(now) < ROLLING_NANOS ? target.joinedAgo(now) : Long.MAX_VALUE;
            if (home == null
                    || age < youngest
                    || age == youngest && session.rank(target.stickyTag()) > session.rank(home.stickyTag())) {
                home = target;
                youngest = age;
            }
        }
        return home;
    }

    private @Nullable TargetState take(int loop, @Nullable TargetState tried, Willing willing) {
        int chosen = choose(turns[loop * STRIDE], tried, willing);
        if (chosen < 0) {
            return null;
        }
        turns[loop * STRIDE] = chosen + 1 == upstreams.length ? 0 : chosen + 1;
        return upstreams[chosen];
    }

    private int choose(int turn, @Nullable TargetState tried, Willing willing) {
        int chosen = -1;
        long least = Long.MAX_VALUE;
        for (int i = 0; i < upstreams.length; i++) {
            int at = turn + i < upstreams.length ? turn + i : turn + i - upstreams.length;
            TargetState target = upstreams[at];
            if (target == tried || !isWilling(target, willing)) {
                continue;
            }
            if (balance == Balance.ROUND_ROBIN) {
                return at;
            }
            long inFlight = target.inFlight();
            if (inFlight < least) {
                least = inFlight;
                chosen = at;
            }
        }
        return chosen;
    }

    private static boolean isWilling(TargetState target, Willing willing) {
        return switch (willing) {
            case READY -> !target.isSuspended() && !target.isFull() && !(target.isStarting() && loses(target));
            case STARTING_TOO -> !target.isSuspended() && !target.isFull();
            case FULL_TOO -> !target.isSuspended();
            case SUSPENDED_TOO -> true;
            case READY_AND_OPEN -> target.isOpenToPreviews() && !target.isSuspended();
            case OPEN -> target.isOpenToPreviews();
            case READY_AND_CLOSED -> !target.isOpenToPreviews() && !target.isSuspended();
            case READY_AND_NEW -> target.isOpenToCopies() && !target.isSuspended();
        };
    }

    private static boolean loses(TargetState target) {
        return ThreadLocalRandom.current().nextDouble() >= target.share(System.nanoTime());
    }
}
