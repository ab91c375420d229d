package dev.turnout.switching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.config.DaemonThread;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A step of several services")
final class ParallelStepsTest {

    private final Map<String, Change> changes = new TreeMap<>();

    ParallelStepsTest() {
        for (String service : List.of("api", "default", "shop")) {
            changes.put(
                    service, new Change(service, "a test", ChangeNote.of("a test"), Instant.now(), new Announcer()));
        }
    }

    @Test
    void is_done_for_all_at_the_same_time() {
        CountDownLatch all = new CountDownLatch(changes.size());

        Map<String, Boolean> met = new ParallelSteps().each(changes, change -> {
            all.countDown();
            return awaits(all);
        });

        assertThat(met).containsOnlyKeys(changes.keySet()).doesNotContainValue(false);
    }

    private static boolean awaits(CountDownLatch all) {
        try {
            return all.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The system has no thread for the second service. The others go on meanwhile. */
    @Test
    void is_done_by_the_caller_where_the_system_gives_no_thread() {
        Thread caller = Thread.currentThread();
        CountDownLatch others = new CountDownLatch(2);
        ParallelSteps steps = new ParallelSteps((service, step) -> {
            if (service.equals("default")) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            DaemonThread.start("test-" + service, step);
        });

        Map<String, String> done = steps.each(changes, change -> {
            if (Thread.currentThread() == caller) {
                return awaits(others) ? "by the caller" : "alone";
            }
            others.countDown();
            return "aside";
        });

        assertThat(done)
                .containsExactly(
                        Map.entry("api", "aside"), Map.entry("default", "by the caller"), Map.entry("shop", "aside"));
    }

    @Test
    void is_refused_when_all_have_ended() {
        Set<String> ended = ConcurrentHashMap.newKeySet();

        assertThatThrownBy(() -> new ParallelSteps().each(changes, change -> {
                    ended.add(change.service());
                    if (change.service().equals("api")) {
                        throw new ChangeRefused(ChangeRefused.Reason.UNHEALTHY, "a test");
                    }
                    return true;
                }))
                .isInstanceOf(ChangeRefused.class)
                .hasMessage("a test");
        assertThat(ended).isEqualTo(changes.keySet());
    }
}
