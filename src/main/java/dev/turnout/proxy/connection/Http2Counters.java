package dev.turnout.proxy.connection;

import dev.turnout.proxy.http2.Violation;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts what clients and Turnout do over HTTP/2. Any thread. */
public final class Http2Counters {

    /** The cause of a GOAWAY that tells of no fault. */
    public static final String NO_FAULT = "none";

    private final LongAdder streams = new LongAdder();
    private final LongAdder resetsByClients = new LongAdder();
    private final LongAdder resetsHere = new LongAdder();
    private final LongAdder farewells = new LongAdder();
    private final Map<Violation, LongAdder> faults = zeros();

    private static Map<Violation, LongAdder> zeros() {
        Map<Violation, LongAdder> faults = new EnumMap<>(Violation.class);
        for (Violation violation : Violation.values()) {
            if (violation.endsConnection()) {
                faults.put(violation, new LongAdder());
            }
        }
        return faults;
    }

    void streamOpened() {
        streams.increment();
    }

    void resetByClient() {
        resetsByClients.increment();
    }

    void resetHere() {
        resetsHere.increment();
    }

    /** Counts a GOAWAY for no fault of the client's. */
    void farewell() {
        farewells.increment();
    }

    /** Counts a GOAWAY for a fault that ends the connection. */
    void goAway(Violation violation) {
        LongAdder adder = faults.get(violation);
        if (adder != null) {
            adder.increment();
        }
    }

    /** Returns how many streams clients have opened. */
    public long streams() {
        return streams.sum();
    }

    /** Returns how many streams clients have reset. */
    public long resetsByClients() {
        return resetsByClients.sum();
    }

    /** Returns how many streams Turnout has reset. */
    public long resetsHere() {
        return resetsHere.sum();
    }

    /** Returns how many connections have ended with a GOAWAY that tells of no fault. */
    public long farewells() {
        return farewells.sum();
    }

    /** Returns the counts of connections that have ended for a fault of the client's. */
    public Map<Violation, LongAdder> faults() {
        return faults;
    }
}
