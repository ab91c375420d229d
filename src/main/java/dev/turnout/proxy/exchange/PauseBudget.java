package dev.turnout.proxy.exchange;

import dev.turnout.proxy.route.PauseLimits;
import java.util.concurrent.atomic.AtomicLong;

/** How much of one service waits on all event loops together. Safe for use by any thread. */
public final class PauseBudget {

    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    /** Counts a request in, if there is room for it. */
    boolean admit(long size, PauseLimits limits) {
        if (!addWithin(bytes, size, limits.bytes())) {
            return false;
        }
        if (!addWithin(requests, 1, limits.requests())) {
            bytes.addAndGet(-size);
            return false;
        }
        return true;
    }

    /** Counts more bytes of a request that was admitted, if there is room for them. */
    boolean grow(long more, PauseLimits limits) {
        return addWithin(bytes, more, limits.bytes());
    }

    /** What does not fit is not even added for a moment: another event loop would refuse a request for it. */
    private static boolean addWithin(AtomicLong count, long more, long limit) {
        for (long now = count.get(); now + more <= limit; now = count.get()) {
            if (count.compareAndSet(now, now + more)) {
                return true;
            }
        }
        return false;
    }

    /** Counts a request out that was admitted. */
    void leave(long size) {
        requests.decrementAndGet();
        bytes.addAndGet(-size);
    }

    public long requests() {
        return requests.get();
    }
}
