package dev.turnout.proxy.listen;

import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Counts connections that were closed because of {@code turnout.proxy-protocol}, and tells the log of them once a minute
 * at the most: anybody can cause them. Any thread.
 */
public final class HeaderRefusals {

    private static final Logger LOG = Logger.getLogger(HeaderRefusals.class);

    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final LongAdder refused = new LongAdder();
    private final LongSupplier nanoClock;
    private final AtomicLong quietUntil;

    /** @param nanoClock gives nanoseconds from any origin */
    public HeaderRefusals(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.quietUntil = new AtomicLong(nanoClock.getAsLong());
    }

    /** Returns how many connections were closed. */
    public long count() {
        return refused.sum();
    }

    /**
     * Counts a connection that is closed.
     *
     * @param reason what is wrong, as the end of a sentence
     * @return true if the log was told
     */
    boolean refused(InetSocketAddress peer, String reason) {
        refused.increment();
        long now = nanoClock.getAsLong();
        long until = quietUntil.get();
        boolean tells = now - until >= 0 && quietUntil.compareAndSet(until, now + QUIET_NANOS);
        if (tells) {
            LOG.warnf(
                    "A connection of %s was closed because of turnout.proxy-protocol: %s. %d such connections were"
                            + " closed since the start. The next message of this kind comes in a minute at the earliest.",
                    peer.getAddress().getHostAddress(), reason, refused.sum());
        }
        return tells;
    }
}
