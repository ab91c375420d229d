package dev.turnout.proxy.listen;

import dev.turnout.config.DaemonThread;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads for the expensive steps of handshakes, with the engine of the Java virtual machine: up to 10 ms each, in
 * which an event loop would serve no other client. BoringSSL takes a third of a millisecond, and stays on the event loop.
 * Any thread.
 */
public final class HandshakeTasks {

    private static final int MOST_WAITING = 20_000;
    private static final long IDLE_SECONDS = 10;

    private final ThreadPoolExecutor threads;

    HandshakeTasks() {
        int count = Math.max(1, Runtime.getRuntime().availableProcessors());
        threads = new ThreadPoolExecutor(
                count,
                count,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MOST_WAITING),
                task -> DaemonThread.of("turnout-handshakes", task));
        threads.allowCoreThreadTimeOut(true);
    }

    /** Returns a handler for one connection. */
    SslHandler handler(SslContext context, ByteBufAllocator allocator) {
        return context instanceof JdkSslContext
                ? context.newHandler(allocator, threads)
                : context.newHandler(allocator);
    }

    /** Ends the threads. */
    public void close() {
        threads.shutdownNow();
    }
}
