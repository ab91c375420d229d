package dev.turnout.admin;

import dev.turnout.routing.Latencies;
import dev.turnout.routing.RequestTotals;

/**
 * What had become of some requests at one time, counted since the start.
 *
 * @param requests that had ended
 * @param failed of them, by the fault of the application or of Turnout
 * @param durations of those that have an end of their own
 */
record TrafficSample(long requests, long failed, Latencies durations) {

    static final TrafficSample NONE = new TrafficSample(0, 0, Latencies.NONE);

    /** Returns a sample. A slot without traffic holds no histogram of its own for each sample. */
    static TrafficSample of(RequestTotals totals, TrafficSample before) {
        long requests = totals.count();
        return requests == before.requests
                ? before
                : new TrafficSample(requests, totals.failed(), totals.allDurations());
    }

    /** Returns what has come since an earlier sample. */
    TrafficSample since(TrafficSample earlier) {
        return new TrafficSample(
                requests - earlier.requests, failed - earlier.failed, durations.minus(earlier.durations));
    }

    TrafficSample plus(TrafficSample other) {
        return new TrafficSample(requests + other.requests, failed + other.failed, durations.plus(other.durations));
    }
}
