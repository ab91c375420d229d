package dev.turnout.proxy;

import java.util.List;

/**
 * Where the requests of one service go under one routing state: the targets in rotation, taken in turn.
 *
 * <p>Each event loop keeps a turn of its own, so that choosing a target is no meeting of threads.
 */
final class Route {

    /** Turns this far apart do not share a cache line. */
    private static final int STRIDE = 32;

    private final String service;
    private final Upstream[] inRotation;
    private final int[] turns;

    Route(String service, List<Upstream> inRotation, int loops) {
        this.service = service;
        this.inRotation = inRotation.toArray(new Upstream[0]);
        this.turns = new int[loops * STRIDE];
        for (int loop = 0; loop < loops; loop++) {
            turns[loop * STRIDE] = loop;
        }
    }

    String service() {
        return service;
    }

    List<Upstream> inRotation() {
        return List.of(inRotation);
    }

    /**
     * The target whose turn it is.
     *
     * @param loop the index of the event loop that asks
     * @param tried a target that has just failed and is passed by; may be null
     * @return null if there is none
     */
    Upstream next(int loop, Upstream tried) {
        int count = inRotation.length;
        for (int i = 0; i < count; i++) {
            int turn = turns[loop * STRIDE];
            turns[loop * STRIDE] = turn + 1 == count ? 0 : turn + 1;
            Upstream upstream = inRotation[turn % count];
            if (upstream != tried) {
                return upstream;
            }
        }
        return null;
    }
}
