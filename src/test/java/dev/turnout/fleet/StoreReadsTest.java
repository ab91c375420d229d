package dev.turnout.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.fleet.etcd.Header;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The store is read by one read after the other")
final class StoreReadsTest {

    private final Queue<Runnable> aside = new ArrayDeque<>();
    private final Queue<Runnable> later = new ArrayDeque<>();
    private final List<Long> seen = new ArrayList<>();
    private long revision;
    private final StoreReads reads = new StoreReads(
            this::read,
            new AsideWork(aside::add, later::add),
            later::add,
            read -> seen.add(read.revision()),
            trouble -> seen.add(-1L));

    private FleetStore.Read read() {
        revision++;
        return new FleetStore.Read(new Header("c", revision), Optional.empty(), Optional.empty(), new TreeMap<>());
    }

    /** Else the older one would pass for a store that went back, for which a member leaves the fleet's changes for good. */
    @Test
    void no_read_begins_before_what_the_one_before_has_read_was_taken() {
        reads.begin(true);
        for (int step = 0; step < 20; step++) {
            if (!aside.isEmpty()) {
                aside.remove().run();
            }
            if (!later.isEmpty()) {
                later.remove().run();
            }
            int begun = aside.size();
            reads.begin(true);
            if (aside.size() > begun) {
                assertThat(seen).as("reads that were taken when the next began").hasSize((int) revision);
            }
        }
        assertThat(seen).hasSizeGreaterThan(5).isSorted();
    }

    /** No thread can be made for a moment. */
    @Test
    void a_read_that_can_not_begin_is_begun_again() {
        Queue<Error> errors = new ArrayDeque<>(List.of(new OutOfMemoryError("unable to create native thread")));
        StoreReads failing = new StoreReads(
                this::read,
                new AsideWork(
                        task -> {
                            if (!errors.isEmpty()) {
                                throw errors.remove();
                            }
                            aside.add(task);
                        },
                        later::add),
                later::add,
                read -> seen.add(read.revision()),
                trouble -> seen.add(-1L));
        failing.then(() -> seen.add(100L));
        failing.begin(true);
        assertThat(aside).isEmpty();

        failing.begin(false);
        aside.remove().run();
        later.forEach(Runnable::run);

        assertThat(seen).containsExactly(1L, 100L);
    }

    @Test
    void a_read_that_breaks_is_told_as_one_that_saw_nothing() {
        StoreReads breaking = new StoreReads(
                () -> {
                    throw new IllegalStateException("a test");
                },
                new AsideWork(aside::add, later::add),
                later::add,
                read -> seen.add(read.revision()),
                trouble -> seen.add(-1L));
        breaking.begin(true);
        aside.remove().run();
        later.remove().run();

        assertThat(seen).containsExactly(-1L);
    }

    @Test
    void a_task_runs_after_a_read_that_begins_from_now_on() {
        reads.begin(true);
        reads.then(() -> seen.add(100L));
        reads.begin(false);
        aside.remove().run();
        later.remove().run();
        assertThat(seen).containsExactly(1L);
        assertThat(later).isEmpty();

        reads.begin(false);
        aside.remove().run();
        later.remove().run();
        later.remove().run();

        assertThat(seen).containsExactly(1L, 2L, 100L);
    }
}
