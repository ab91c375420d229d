package dev.turnout.health;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFactory;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxBuilder;
import io.vertx.core.impl.transports.JDKTransport;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Vert.x on a system that has no descriptors or no threads for a while. */
final class ScarceVertx {

    private static final int THREADS = 4;

    private final AtomicInteger refused = new AtomicInteger();
    private volatile boolean hasSockets = true;
    private volatile boolean hasThreads = true;

    /** A transport that opens no socket during a shortage. */
    private final class ScarceTransport extends JDKTransport {

        @Override
        public ChannelFactory<? extends Channel> channelFactory(boolean isUnix) {
            ChannelFactory<? extends Channel> sockets = super.channelFactory(isUnix);
            return () -> {
                if (!hasSockets) {
                    refused.incrementAndGet();
                    throw new ChannelException("Failed to open a socket.", new IOException("Too many open files"));
                }
                return sockets.newChannel();
            };
        }
    }

    /** A pool that takes no task during a shortage. */
    private final class ScarceThreads extends ThreadPoolExecutor {

        ScarceThreads(ThreadFactory threads) {
            super(THREADS, THREADS, 0, TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(), threads);
        }

        @Override
        public void execute(Runnable task) {
            if (!hasThreads) {
                refused.incrementAndGet();
                throw new OutOfMemoryError("unable to create native thread");
            }
            super.execute(task);
        }
    }

    Vertx start() {
        return new VertxBuilder()
                .findTransport(new ScarceTransport())
                .executorServiceFactory(this::threads)
                .init()
                .vertx();
    }

    private ExecutorService threads(ThreadFactory threads, Integer least, Integer most) {
        return new ScarceThreads(threads);
    }

    void sockets(boolean areThere) {
        hasSockets = areThere;
    }

    void threads(boolean areThere) {
        hasThreads = areThere;
    }

    /** Returns how many sockets and threads were wanted in vain. */
    int refused() {
        return refused.get();
    }
}
