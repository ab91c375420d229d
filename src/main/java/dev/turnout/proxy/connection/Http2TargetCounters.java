package dev.turnout.proxy.connection;

import java.util.concurrent.atomic.LongAdder;

/** Counts what targets and Turnout do over HTTP/2. Any thread. */
public final class Http2TargetCounters {

    private final LongAdder connections = new LongAdder();
    private final LongAdder streams = new LongAdder();
    private final LongAdder resetsByTargets = new LongAdder();
    private final LongAdder resetsHere = new LongAdder();
    private final LongAdder goAwaysByTargets = new LongAdder();
    private final LongAdder goAwaysHere = new LongAdder();

    void connectionOpened() {
        connections.increment();
    }

    void streamOpened() {
        streams.increment();
    }

    void resetByTarget() {
        resetsByTargets.increment();
    }

    void resetHere() {
        resetsHere.increment();
    }

    void goAwayByTarget() {
        goAwaysByTargets.increment();
    }

    void goAwayHere() {
        goAwaysHere.increment();
    }

    /** Returns how many connections were opened. */
    public long connections() {
        return connections.sum();
    }

    /** Returns how many streams Turnout has opened. */
    public long streams() {
        return streams.sum();
    }

    /** Returns how many streams targets have reset. */
    public long resetsByTargets() {
        return resetsByTargets.sum();
    }

    /** Returns how many streams Turnout has reset. */
    public long resetsHere() {
        return resetsHere.sum();
    }

    /** Returns how many GOAWAYs targets have sent. */
    public long goAwaysByTargets() {
        return goAwaysByTargets.sum();
    }

    /** Returns how many GOAWAYs Turnout has sent. */
    public long goAwaysHere() {
        return goAwaysHere.sum();
    }
}
