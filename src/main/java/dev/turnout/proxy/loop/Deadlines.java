package dev.turnout.proxy.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The time-outs of one event loop: a wheel of buckets, each {@value #TICK_MILLIS} ms wide, that is turned by one
 * repeated task.
 *
 * <p>Moving a deadline later, which is what nearly every request does, writes one field: the entry stays in its bucket
 * and is put into the right one when that bucket's time comes. So a time-out costs no timer object and fires up to two
 * ticks late. Event loop only.
 */
public final class Deadlines {

    /** How fine the time-outs are. */
    static final int TICK_MILLIS = 50;

    private static final int BUCKETS = 1024;
    private static final long NEVER = Long.MAX_VALUE;

    private final LongSupplier clock;
    private final @Nullable Entry[] buckets = new Entry[BUCKETS];
    private final List<Entry> due = new ArrayList<>();
    private long tick;

    Deadlines() {
        this(Deadlines::now);
    }

    /** @param clock milliseconds from an arbitrary origin */
    Deadlines(LongSupplier clock) {
        this.clock = clock;
        this.tick = tickOf(clock.getAsLong());
    }

    /** Something that can time out. */
    public abstract static class Entry {
        private long deadline = NEVER;
        private long armed;
        private long linkedTick;
        private boolean linked;
        private @Nullable Entry previous;
        private @Nullable Entry next;

        /** Called on the event loop once the deadline has passed; the entry is then disarmed. */
        protected abstract void timedOut();
    }

    /** Returns the clock that deadlines are given by, in milliseconds from an arbitrary origin. */
    public static long now() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    /** Sets an entry's deadline, in the place of the one that it may have had. */
    public void arm(Entry entry, long millisFromNow) {
        entry.armed = clock.getAsLong();
        long deadline = entry.armed + millisFromNow;
        entry.deadline = deadline;
        long due = tickOf(deadline) + 1;
        if (!entry.linked) {
            link(entry, due);
        } else if (due < entry.linkedTick) {
            unlink(entry);
            link(entry, due);
        }
    }

    /** Returns how long ago an entry's deadline was set, in milliseconds. */
    public long age(Entry entry) {
        return clock.getAsLong() - entry.armed;
    }

    /** Takes an entry's deadline away. */
    public void disarm(Entry entry) {
        entry.deadline = NEVER;
    }

    /** Forgets an entry whose owner has ended. */
    public void remove(Entry entry) {
        entry.deadline = NEVER;
        if (entry.linked) {
            unlink(entry);
        }
    }

    /** Times out what is due. To be called about every {@link #TICK_MILLIS}; late calls catch up. */
    void turn() {
        long now = clock.getAsLong();
        long last = tickOf(now);
        if (last - tick >= BUCKETS) {
            tick = last - BUCKETS + 1;
        }
        while (tick <= last) {
            turn(buckets[bucket(tick)], now);
            tick++;
        }
    }

    /**
     * Takes what is due out of its bucket first: what one time-out does may arm or remove the others. One that throws
     * keeps no other one from being called.
     */
    private void turn(@Nullable Entry first, long now) {
        for (@Nullable Entry entry = first; entry != null; entry = entry.next) {
            if (entry.linkedTick <= tick) {
                due.add(entry);
            }
        }
        due.forEach(this::unlink);
        for (Entry entry : due) {
            if (entry.deadline <= now) {
                entry.deadline = NEVER;
                Isolated.run("A time-out", entry::timedOut);
            } else if (!entry.linked && entry.deadline != NEVER) {
                link(entry, Math.max(tickOf(entry.deadline), tick) + 1);
            }
        }
        due.clear();
    }

    private void link(Entry entry, long due) {
        int bucket = bucket(due);
        entry.linked = true;
        entry.linkedTick = due;
        entry.previous = null;
        entry.next = buckets[bucket];
        if (entry.next != null) {
            entry.next.previous = entry;
        }
        buckets[bucket] = entry;
    }

    private void unlink(Entry entry) {
        if (entry.previous == null) {
            buckets[bucket(entry.linkedTick)] = entry.next;
        } else {
            entry.previous.next = entry.next;
        }
        if (entry.next != null) {
            entry.next.previous = entry.previous;
        }
        entry.linked = false;
        entry.previous = null;
        entry.next = null;
    }

    /** Returns where a tick's bucket is; the clock may have begun below zero. */
    static int bucket(long tick) {
        return Math.floorMod(tick, BUCKETS);
    }

    private static long tickOf(long millis) {
        return Math.floorDiv(millis, TICK_MILLIS);
    }
}
