package dev.turnout.proxy.loop;

import dev.turnout.config.LogLimit;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import io.netty.util.internal.PlatformDependent;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Whether buffers have taken so much of the memory for them that each connection has to make do with little.
 *
 * <p>What one connection may hold is bounded, but thousands whose peers do not read could still take everything, and at
 * its limit the JVM does not refuse: it makes the event loops wait for memory that nobody gives back. So from half of
 * the limit on more is read only for a peer that has taken all it was sent, and little at a time. Any thread.
 */
public final class BufferBudget {

    private static final Logger LOG = Logger.getLogger(BufferBudget.class);
    private static final int TIGHT_READ = 4 * 1024;

    /** A read that Netty makes though auto-read is off, see {@link ReadControl}. */
    private static final int UNASKED_READ = 512;

    private final LongSupplier used;
    private final long limit;
    private final long ample;
    private final AtomicLong refused = new AtomicLong();
    private final LogLimit lines = new LogLimit();
    private volatile boolean tight;

    /**
     * @param used how many bytes the buffers take that are in use now
     * @param limit how many there can be
     */
    BufferBudget(LongSupplier used, long limit) {
        this.used = used;
        this.limit = limit;
        this.ample = limit / 2;
    }

    /** Returns the budget of Netty's default allocator, under the limit of the JVM. */
    public static BufferBudget ofDirectMemory() {
        return new BufferBudget(
                PooledByteBufAllocator.DEFAULT::pinnedDirectMemory, PlatformDependent.maxDirectMemory());
    }

    /** Returns how many bytes there can be. */
    public long limit() {
        return limit;
    }

    /** Called when there was no memory for a buffer, and a connection ends for it. Told in the log once a minute. */
    public void refused() {
        long count = refused.incrementAndGet();
        if (lines.mayWrite()) {
            LOG.errorf(
                    "No memory is left for buffers (limit %d MiB). Connections that need some are closed, %d so far."
                            + " Raise -XX:MaxDirectMemorySize, or lower turnout.limits.connections and"
                            + " turnout.limits.requests.",
                    limit >> 20, count);
        }
    }

    /** Measures anew: a walk through the allocator, not for every request. */
    void measure() {
        tight = used.getAsLong() > ample;
    }

    /** Returns true if memory was short when it was last measured. */
    boolean isTight() {
        return tight;
    }

    /**
     * Reads one channel as another allocator would, but little at a time as long as memory is short.
     *
     * @param spares of the channel's event loop: for reads that fit
     */
    Sparing sparing(RecvByteBufAllocator allocator, SpareBuffers spares) {
        return new Sparing((RecvByteBufAllocator.ExtendedHandle) allocator.newHandle(), spares);
    }

    /** The reads of one channel. */
    final class Sparing extends RecvByteBufAllocator.DelegatingHandle
            implements RecvByteBufAllocator, RecvByteBufAllocator.ExtendedHandle {

        private final RecvByteBufAllocator.ExtendedHandle handle;
        private final SpareBuffers spares;
        private boolean asked = true;
        private @Nullable BodySplice splice;

        Sparing(RecvByteBufAllocator.ExtendedHandle handle, SpareBuffers spares) {
            super(handle);
            this.handle = handle;
            this.spares = spares;
        }

        @Override
        public RecvByteBufAllocator.ExtendedHandle newHandle() {
            return this;
        }

        /** @param next what takes bytes before they are read; null for nothing */
        void splice(@Nullable BodySplice next) {
            splice = next;
        }

        @Override
        public void reset(ChannelConfig config) {
            asked = config.isAutoRead();
            super.reset(config);
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            if (!asked) {
                return allocator.ioBuffer(UNASKED_READ);
            }
            return spares.take(allocator, splice == null ? guess() : splice.pull(guess()));
        }

        @Override
        public int guess() {
            if (!asked) {
                return UNASKED_READ;
            }
            return tight ? Math.min(TIGHT_READ, super.guess()) : super.guess();
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
            return handle.continueReading(maybeMore);
        }
    }
}
