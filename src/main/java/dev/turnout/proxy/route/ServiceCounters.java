package dev.turnout.proxy.route;

import dev.turnout.proxy.http1.KnownMethod;
import dev.turnout.routing.RequestTotals;
import dev.turnout.routing.ServiceTotals;
import dev.turnout.routing.Slot;
import dev.turnout.routing.TracedTime;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is counted of the ended requests of one service. An event loop writes cells of its own without a lock, and the
 * cells are put together when somebody asks. Any thread, but for methods that name the event loop.
 */
public final class ServiceCounters {

    /** The place of requests that no target was chosen for, behind those of the slots. */
    private static final int UNROUTED = Slot.values().length;

    private final int loops;
    private final AtomicReferenceArray<RequestCounter> counters = new AtomicReferenceArray<>(UNROUTED + 1);
    private final LongAdder bridged = new LongAdder();
    private final Map<String, LongAdder> ownAnswers = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> cutResponses = new ConcurrentHashMap<>();

    /** @param loops how many event loops there are */
    ServiceCounters(int loops) {
        this.loops = loops;
    }

    /**
     * Counts a request. To be called on the event loop of this index.
     *
     * @param target that was chosen last; null if none was chosen
     * @param nanos from the request's head to the end of the response. Nanoseconds; negative if it had no end of its own.
     * @param isFailed whether it was failed, by the application or by Turnout
     */
    public void count(
            int loop, @Nullable TargetState target, KnownMethod method, int status, long nanos, boolean isFailed) {
        counter(place(target)).count(loop, method, status, nanos, isFailed);
    }

    /**
     * Keeps an example of how long requests take.
     *
     * @param target that was chosen last; null if none was chosen
     */
    public void keep(@Nullable TargetState target, int status, TracedTime time) {
        counter(place(target)).keep(status, time);
    }

    private static int place(@Nullable TargetState target) {
        return target == null ? UNROUTED : target.slot().ordinal();
    }

    private RequestCounter counter(int place) {
        RequestCounter known = counters.get(place);
        if (known == null) {
            counters.compareAndSet(place, null, new RequestCounter(loops));
            return counter(place);
        }
        return known;
    }

    /** Counts a request for an asset that is asked of the other slot. */
    public void countBridged() {
        bridged.increment();
    }

    /** Counts an answer of Turnout's own. */
    public void countOwnAnswer(String cause) {
        ownAnswers.computeIfAbsent(cause, first -> new LongAdder()).increment();
    }

    /** Counts a response that did not reach its end. */
    public void countCutResponse(String cause) {
        cutResponses.computeIfAbsent(cause, first -> new LongAdder()).increment();
    }

    /** Returns what has been counted so far. */
    ServiceTotals totals() {
        Map<Slot, RequestTotals> slots = new EnumMap<>(Slot.class);
        for (Slot slot : Slot.values()) {
            slots.put(slot, totals(slot.ordinal()));
        }
        return new ServiceTotals(slots, totals(UNROUTED), sums(ownAnswers), sums(cutResponses), bridged.sum());
    }

    private RequestTotals totals(int place) {
        RequestCounter counter = counters.get(place);
        return counter == null ? RequestTotals.NONE : counter.totals();
    }

    private static Map<String, Long> sums(Map<String, LongAdder> counts) {
        return counts.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, entry -> entry.getValue().sum()));
    }
}
