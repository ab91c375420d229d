package dev.turnout.proxy.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The clock is the real one: deadlines are short, and what must not happen is watched for a few ticks. */
@Timeout(30)
final class DeadlinesTest {

    private static final int SHORT = 60;
    private static final int LONG = 120_000;

    private final Deadlines deadlines = new Deadlines();

    private static class Noted extends Deadlines.Entry {
        private int timesOut;
        private long firedAt;

        @Override
        protected void timedOut() {
            timesOut++;
            firedAt = Deadlines.now();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1025, -1024, -1, 0, 1023, 1024, Long.MAX_VALUE})
    void has_a_bucket_for_every_tick_of_every_clock(long tick) {
        assertThat(Deadlines.bucket(tick)).isBetween(0, 1023).isEqualTo(Deadlines.bucket(tick + 1024));
    }

    @Test
    void times_out_once_and_never_early() {
        Noted entry = new Noted();
        long armed = Deadlines.now();
        deadlines.arm(entry, SHORT);
        turnUntilOut(entry);
        assertThat(entry.firedAt - armed).isGreaterThanOrEqualTo(SHORT);
        turnFor(4 * Deadlines.TICK_MILLIS);
        assertThat(entry.timesOut).isEqualTo(1);
    }

    @Test
    void one_that_throws_keeps_no_other_one_from_timing_out() {
        List<Noted> others = Stream.generate(Noted::new).limit(20).toList();
        for (Noted other : others) {
            deadlines.arm(other, SHORT);
            deadlines.arm(new Throwing(), SHORT);
        }
        turnUntilOut(others.get(0));
        turnFor(4 * Deadlines.TICK_MILLIS);
        assertThat(others).allMatch(other -> other.timesOut == 1);
    }

    private static final class Throwing extends Deadlines.Entry {
        @Override
        protected void timedOut() {
            throw new OutOfMemoryError("as from a failed allocation");
        }
    }

    @Test
    void tells_how_long_ago_a_deadline_was_set() {
        Noted entry = new Noted();
        deadlines.arm(entry, LONG);
        turnFor(SHORT);
        assertThat(deadlines.age(entry)).isBetween((long) SHORT, (long) LONG);
    }

    @Test
    void can_be_moved_later() {
        Noted moved = new Noted();
        Noted other = new Noted();
        deadlines.arm(moved, 1);
        deadlines.arm(other, SHORT);
        deadlines.arm(moved, LONG);
        turnUntilOut(other);
        turnFor(4 * Deadlines.TICK_MILLIS);
        assertThat(moved.timesOut).isZero();
    }

    @Test
    void comes_at_its_later_time_after_its_first_bucket_was_turned() {
        Noted entry = new Noted();
        deadlines.arm(entry, 1);
        long armed = Deadlines.now();
        deadlines.arm(entry, 6 * Deadlines.TICK_MILLIS);
        turnUntilOut(entry);
        assertThat(entry.firedAt - armed).isGreaterThanOrEqualTo(6 * Deadlines.TICK_MILLIS);
    }

    @Test
    void can_be_moved_earlier() {
        Noted entry = new Noted();
        deadlines.arm(entry, LONG);
        deadlines.arm(entry, SHORT);
        turnUntilOut(entry);
        assertThat(entry.timesOut).isEqualTo(1);
    }

    @Test
    void is_not_taken_for_due_by_a_bucket_that_is_a_revolution_away() {
        Noted entry = new Noted();
        deadlines.arm(entry, 1024L * Deadlines.TICK_MILLIS);
        turnFor(4 * Deadlines.TICK_MILLIS);
        assertThat(entry.timesOut).isZero();
    }

    @Test
    void does_not_time_out_once_disarmed_or_removed() {
        Noted disarmed = new Noted();
        Noted removed = new Noted();
        Noted kept = new Noted();
        deadlines.arm(disarmed, SHORT);
        deadlines.arm(removed, SHORT);
        deadlines.arm(kept, SHORT);
        deadlines.disarm(disarmed);
        deadlines.remove(removed);
        turnUntilOut(kept);
        turnFor(4 * Deadlines.TICK_MILLIS);
        assertThat(disarmed.timesOut).isZero();
        assertThat(removed.timesOut).isZero();
    }

    @Test
    void can_be_armed_again_after_it_was_disarmed_removed_or_out() {
        Noted entry = new Noted();
        deadlines.arm(entry, SHORT);
        deadlines.disarm(entry);
        deadlines.arm(entry, SHORT);
        turnUntilOut(entry);
        deadlines.arm(entry, SHORT);
        deadlines.remove(entry);
        deadlines.arm(entry, SHORT);
        turnUntil(() -> entry.timesOut == 2);
    }

    @Test
    void may_arm_itself_in_its_own_time_out() {
        Noted entry = new Noted() {
            @Override
            protected void timedOut() {
                super.timedOut();
                deadlines.arm(this, 1);
            }
        };
        deadlines.arm(entry, 1);
        turnUntil(() -> entry.timesOut >= 3);
    }

    @Test
    void may_remove_a_neighbour_that_is_due_at_the_same_time() {
        Noted neighbour = new Noted();
        Noted remover = remover(neighbour);
        Noted other = new Noted();
        deadlines.arm(neighbour, SHORT);
        deadlines.arm(remover, SHORT);
        deadlines.arm(other, SHORT);
        turnUntilOut(other);
        turnFor(2 * Deadlines.TICK_MILLIS);
        assertThat(neighbour.timesOut + remover.timesOut).isBetween(1, 2);
        assertThat(neighbour.timesOut == 1 && neighbour.firedAt > remover.firedAt)
                .isFalse();
    }

    private Noted remover(Noted neighbour) {
        return new Noted() {
            @Override
            protected void timedOut() {
                super.timedOut();
                deadlines.remove(neighbour);
            }
        };
    }

    private void turnUntilOut(Noted entry) {
        turnUntil(() -> entry.timesOut > 0);
    }

    private void turnFor(int millis) {
        long end = Deadlines.now() + millis;
        turnUntil(() -> Deadlines.now() >= end);
    }

    private void turnUntil(BooleanSupplier reached) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!reached.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            deadlines.turn();
            Thread.onSpinWait();
        }
    }
}
