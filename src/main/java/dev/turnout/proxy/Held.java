package dev.turnout.proxy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** How much of one service waits on all event loops together. Safe for use by any thread. */
final class Held {

    private final PauseLimits limits;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    Held(PauseLimits limits) {
        this.limits = limits;
    }

    /** Counts a request in, if there is room for it. */
    boolean admit(long size) {
        int nowRequests = requests.incrementAndGet();
        long nowBytes = bytes.addAndGet(size);
        boolean fits = nowRequests <= limits.requests() && nowBytes <= limits.bytes();
        if (!fits) {
            leave(size);
        }
        return fits;
    }

    /** Counts a request out that was admitted. */
    void leave(long size) {
        requests.decrementAndGet();
        bytes.addAndGet(-size);
    }

    int requests() {
        return requests.get();
    }
}
