package dev.turnout.proxy.route;

import dev.turnout.routing.Latencies;
import dev.turnout.routing.TracedTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The last request of each bucket whose trace is recorded. Any thread. */
final class TracedTimes {

    private final AtomicReferenceArray<TracedTime> last = new AtomicReferenceArray<>(Latencies.BUCKETS);

    void keep(TracedTime time) {
        last.set(Latencies.bucket(time.nanos()), time);
    }

    List<TracedTime> all() {
        List<TracedTime> all = new ArrayList<>();
        for (int bucket = 0; bucket < last.length(); bucket++) {
            TracedTime time = last.get(bucket);
            if (time != null) {
                all.add(time);
            }
        }
        return List.copyOf(all);
    }
}
