package dev.turnout.proxy;

import dev.turnout.config.Balance;
import java.util.Arrays;
import java.util.List;

/**
 * Where the requests of one service go under one routing state, and the one place that decides which of the targets in
 * rotation gets a request.
 *
 * <p>One that is suspended gets none as long as another is not; when all are, they are all as good as each other. Each
 * event loop keeps a turn of its own, so that choosing a target is no meeting of threads.
 */
final class Route {

    /** Turns this far apart do not share a cache line. */
    private static final int STRIDE = 32;

    private final Entrance entrance;
    private final Upstream[] inRotation;
    private final int[] turns;

    Route(Entrance entrance, List<Upstream> inRotation, int loops) {
        this.entrance = entrance;
        this.inRotation = inRotation.toArray(new Upstream[0]);
        this.turns = new int[loops * STRIDE];
        for (int loop = 0; loop < loops; loop++) {
            turns[loop * STRIDE] = loop % Math.max(1, inRotation.size());
        }
    }

    String service() {
        return entrance.service();
    }

    Entrance entrance() {
        return entrance;
    }

    List<Upstream> inRotation() {
        return List.of(inRotation);
    }

    /** The targets in rotation that get no requests now, since they do not work and another one does. */
    List<Upstream> passedOver() {
        List<Upstream> suspended =
                Arrays.stream(inRotation).filter(Upstream::isSuspended).toList();
        return suspended.size() == inRotation.length ? List.of() : suspended;
    }

    /**
     * The target that gets the next request.
     *
     * @param loop the index of the event loop that asks
     * @param tried a target that has just failed and is passed by; may be null
     * @return null if there is none
     */
    Upstream next(int loop, Upstream tried) {
        int turn = turns[loop * STRIDE];
        int chosen = choose(turn, tried, false);
        if (chosen < 0) {
            chosen = choose(turn, tried, true);
        }
        if (chosen < 0) {
            return null;
        }
        turns[loop * STRIDE] = chosen + 1 == inRotation.length ? 0 : chosen + 1;
        return inRotation[chosen];
    }

    private int choose(int turn, Upstream tried, boolean suspendedToo) {
        int chosen = -1;
        long least = Long.MAX_VALUE;
        for (int i = 0; i < inRotation.length; i++) {
            int at = turn + i < inRotation.length ? turn + i : turn + i - inRotation.length;
            Upstream upstream = inRotation[at];
            if (upstream == tried || !suspendedToo && upstream.isSuspended()) {
                continue;
            }
            if (entrance.balance() == Balance.ROUND_ROBIN) {
                return at;
            }
            long inFlight = upstream.inFlight();
            if (inFlight < least) {
                least = inFlight;
                chosen = at;
            }
        }
        return chosen;
    }
}
