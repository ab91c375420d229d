package dev.turnout.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.http1.KnownMethod;
import dev.turnout.routing.RequestTotals;
import dev.turnout.routing.RequestTotals.Answer;
import dev.turnout.routing.ServiceTotals;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.routing.TracedTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class RequestCountersTest {

    private static final TargetState BLUE =
            new TargetState("shop", Slot.BLUE, new Target("127.0.0.1", 1), 2, TargetSettings.NONE);
    private static final TargetState GREEN =
            new TargetState("shop", Slot.GREEN, new Target("127.0.0.1", 2), 2, TargetSettings.NONE);

    private final RequestCounters counters = new RequestCounters(2);

    @Test
    @DisplayName("every method with every status keeps a count of its own, summed over the event loops")
    void every_pair() {
        Map<Answer, Long> expected = new HashMap<>();
        for (int loop = 0; loop < 2; loop++) {
            for (KnownMethod method : KnownMethod.values()) {
                for (int status = 100; status < 600; status++) {
                    for (int times = 0; times <= status % 3; times++) {
                        counters.of("shop").count(loop, BLUE, method, status, -1, false);
                        expected.merge(new Answer(method.label(), status), 1L, Long::sum);
                    }
                }
            }
        }

        assertThat(counters.totals("shop").of(Slot.BLUE).answers()).isEqualTo(expected);
    }

    @Test
    @DisplayName("slots, services and requests without a target are kept apart")
    void apart() {
        counters.of("shop").count(0, BLUE, KnownMethod.GET, 200, 5_000_000, false);
        counters.of("shop").count(1, GREEN, KnownMethod.PUT, 503, 7_000_000, true);
        counters.of("shop").count(1, null, KnownMethod.GET, 404, 1_000, false);
        counters.of("").count(1, null, KnownMethod.GET, 400, 1_000, false);
        counters.of("shop").countOwnAnswer("no-target");

        ServiceTotals shop = counters.totals("shop");
        assertThat(shop.of(Slot.BLUE).durations().get("2xx").totalNanos()).isEqualTo(5_000_000);
        assertThat(shop.of(Slot.GREEN).failed()).isOne();
        assertThat(shop.unrouted().answers()).containsOnlyKeys(new Answer("GET", 404));
        assertThat(shop.ownAnswers()).containsExactly(Map.entry("no-target", 1L));
        assertThat(shop.all().count()).isEqualTo(3);
        assertThat(shop.all().allDurations().count()).isEqualTo(3);
        assertThat(counters.totals("").all().count()).isOne();
        assertThat(counters.totals("unknown")).isEqualTo(ServiceTotals.NONE);
    }

    @Test
    @DisplayName("the last trace of each bucket is kept, by slot and class")
    void traces() {
        TracedTime earlier = new TracedTime("a", 5_000_000, 1);
        TracedTime later = new TracedTime("b", 5_000_000, 2);
        TracedTime slow = new TracedTime("c", 5_000_000_000L, 3);
        for (TracedTime time : List.of(earlier, later, slow)) {
            counters.of("shop").keep(BLUE, 200, time);
        }
        counters.of("shop").keep(null, 404, earlier);

        assertThat(counters.totals("shop").of(Slot.BLUE).traced()).isEqualTo(Map.of("2xx", List.of(later, slow)));
        assertThat(counters.totals("shop").unrouted().traced()).isEqualTo(Map.of("4xx", List.of(earlier)));
    }

    @Test
    @DisplayName("what is counted of a service that is gone is forgotten, what belongs to none is not")
    void gone() {
        counters.of("shop").count(0, BLUE, KnownMethod.GET, 200, 1, false);
        counters.of("").count(0, null, KnownMethod.GET, 404, 1, false);

        counters.keep(Set.of("other"));

        assertThat(counters.totals("shop")).isEqualTo(ServiceTotals.NONE);
        assertThat(counters.totals("").all().count()).isOne();
    }

    @Test
    @DisplayName("a reader beside two writing event loops never sees a count go down, and at the end all of it")
    void reader_beside_writers() throws Exception {
        int each = 200_000;
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<?> first = threads.submit(() -> write(0, each));
            Future<?> second = threads.submit(() -> write(1, each));
            long last = 0;
            while (!first.isDone() || !second.isDone()) {
                long now = counters.totals("shop").of(Slot.BLUE).count();
                assertThat(now).isGreaterThanOrEqualTo(last);
                last = now;
            }
            first.get();
            second.get();
        } finally {
            threads.shutdownNow();
        }
        RequestTotals totals = counters.totals("shop").of(Slot.BLUE);
        assertThat(totals.count()).isEqualTo(2L * each);
        assertThat(totals.allDurations().count()).isEqualTo(2L * each);
        assertThat(totals.failed()).isEqualTo(2L * each);
    }

    private void write(int loop, int times) {
        for (int i = 0; i < times; i++) {
            counters.of("shop").count(loop, BLUE, KnownMethod.GET, 100 + i % 500, i, true);
        }
    }
}
