package dev.turnout.proxy.route;

import dev.turnout.proxy.http1.KnownMethod;
import dev.turnout.routing.Latencies;
import dev.turnout.routing.RequestTotals;
import dev.turnout.routing.RequestTotals.Answer;
import dev.turnout.routing.TracedTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Counts the ended requests of one service in one slot. Each event loop writes cells of its own, which anybody may read. */
final class RequestCounter {

    /** The classes of statuses are counted at their digit. */
    private static final int CLASSES = 6;

    /** Cells this far apart do not share a cache line. */
    private static final int STRIDE = 16;

    private final int loops;
    private final AtomicReferenceArray<AnswerCounter> answers;
    private final AtomicReferenceArray<LatencyCounter> durations = new AtomicReferenceArray<>(CLASSES);
    private final AtomicReferenceArray<TracedTimes> traced = new AtomicReferenceArray<>(CLASSES);
    private final AtomicLongArray failed;

    /** @param loops how many event loops there are */
    RequestCounter(int loops) {
        this.loops = loops;
        this.answers = new AtomicReferenceArray<>(loops);
        this.failed = new AtomicLongArray(loops * STRIDE);
    }

    /**
     * Counts a request. To be called on the event loop of this index.
     *
     * @param nanos how long it took. Nanoseconds; negative if it had no end of its own.
     * @param isFailed whether it was failed, by the application or by Turnout
     */
    void count(int loop, KnownMethod method, int status, long nanos, boolean isFailed) {
        AnswerCounter own = answers.getPlain(loop);
        if (own == null) {
            own = new AnswerCounter();
            answers.set(loop, own);
        }
        own.count(method, status);
        if (nanos >= 0) {
            durations(status / 100).count(loop, nanos);
        }
        if (isFailed) {
            failed.lazySet(loop * STRIDE, failed.getPlain(loop * STRIDE) + 1);
        }
    }

    /** Keeps an example of how long requests with such a status take. Any thread. */
    void keep(int status, TracedTime time) {
        traced(status / 100).keep(time);
    }

    private TracedTimes traced(int statusClass) {
        TracedTimes known = traced.get(statusClass);
        if (known == null) {
            traced.compareAndSet(statusClass, null, new TracedTimes());
            return traced(statusClass);
        }
        return known;
    }

    private LatencyCounter durations(int statusClass) {
        LatencyCounter known = durations.get(statusClass);
        if (known == null) {
            durations.compareAndSet(statusClass, null, new LatencyCounter(loops));
            return durations(statusClass);
        }
        return known;
    }

    /** Returns what has been counted so far. Any thread. */
    RequestTotals totals() {
        Map<Answer, Long> sums = new HashMap<>();
        long failures = 0;
        for (int loop = 0; loop < loops; loop++) {
            AnswerCounter own = answers.get(loop);
            if (own != null) {
                own.addTo(sums);
            }
            failures += failed.get(loop * STRIDE);
        }
        Map<String, Latencies> times = new HashMap<>();
        Map<String, List<TracedTime>> examples = new HashMap<>();
        for (int place = 0; place < CLASSES; place++) {
            LatencyCounter ofClass = durations.get(place);
            if (ofClass != null) {
                times.put(RequestTotals.statusClass(place * 100), ofClass.sum());
            }
            TracedTimes ofTraces = traced.get(place);
            if (ofTraces != null) {
                examples.put(RequestTotals.statusClass(place * 100), ofTraces.all());
            }
        }
        return new RequestTotals(Map.copyOf(sums), Map.copyOf(times), failures, Map.copyOf(examples));
    }
}
