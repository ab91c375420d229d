package dev.turnout.proxy.route;

import dev.turnout.proxy.http1.KnownMethod;
import dev.turnout.routing.RequestTotals.Answer;
import java.util.Map;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts requests by method and status, in a small hash table that grows with the pairs that occur. One event loop
 * writes, anybody may read.
 */
final class AnswerCounter {

    private static final int FIRST_SIZE = 16;

    /** The method stands above the status, which has ten bits. */
    private static final int STATUS_BITS = 10;

    private static final int STATUS_MASK = (1 << STATUS_BITS) - 1;
    private static final int FREE = 0;

    /**
     * The keys and how often each has occurred. A count is written before its key, so that no reader finds a key without
     * its count.
     */
    private record Table(AtomicIntegerArray keys, AtomicLongArray counts) {

        Table(int size) {
            this(new AtomicIntegerArray(size), new AtomicLongArray(size));
        }

        int size() {
            return keys.length();
        }

        /** Returns the place of a key, or the free place for it. */
        int place(int key) {
            int place = (key ^ key >>> STATUS_BITS) & size() - 1;
            while (keys.getPlain(place) != key && keys.getPlain(place) != FREE) {
                place = place + 1 & size() - 1;
            }
            return place;
        }

        void add(int key, long count) {
            int place = place(key);
            counts.lazySet(place, counts.getPlain(place) + count);
            if (keys.getPlain(place) == FREE) {
                keys.setRelease(place, key);
            }
        }
    }

    private volatile Table table = new Table(FIRST_SIZE);
    private int used;

    /** Counts a request. To be called on the event loop. */
    void count(KnownMethod method, int status) {
        int key = method.ordinal() << STATUS_BITS | status & STATUS_MASK;
        Table now = table;
        if (now.keys().getPlain(now.place(key)) == FREE) {
            used++;
            if (used > now.size() / 2) {
                now = grown(now);
                table = now;
            }
        }
        now.add(key, 1);
    }

    private static Table grown(Table before) {
        Table next = new Table(before.size() * 2);
        for (int place = 0; place < before.size(); place++) {
            if (before.keys().getPlain(place) != FREE) {
                next.add(before.keys().getPlain(place), before.counts().getPlain(place));
            }
        }
        return next;
    }

    /** Adds what has been counted so far. Any thread. */
    void addTo(Map<Answer, Long> sums) {
        Table now = table;
        for (int place = 0; place < now.size(); place++) {
            int key = now.keys().getAcquire(place);
            if (key != FREE) {
                Answer answer = new Answer(KnownMethod.at(key >>> STATUS_BITS).label(), key & STATUS_MASK);
                sums.merge(answer, now.counts().get(place), Long::sum);
            }
        }
    }
}
