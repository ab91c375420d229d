package dev.turnout.tls;

import dev.turnout.config.DaemonThread;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads for the expensive steps of handshakes. With the engine of the Java virtual machine they take up to 10 ms, in
 * which an event loop would serve no other client. BoringSSL answers a client within a third of a millisecond, on the
 * event loop. The certificates of targets are verified by the Java virtual machine with either engine. Any thread.
 */
public final class HandshakeTasks {

    private static final int MOST_WAITING = 20_000;
    private static final long IDLE_SECONDS = 10;

    private final ThreadPoolExecutor threads;

    public HandshakeTasks() {
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

    /** Returns a handler for one connection of a client. */
    public SslHandler handler(SslContext context, ByteBufAllocator allocator) {
        return context instanceof JdkSslContext
                ? context.newHandler(allocator, threads)
                : context.newHandler(allocator);
    }

    /** Returns a handler for one connection of a caller of the admin port, where a client certificate may be verified. */
    public SslHandler callerHandler(SslContext context, ByteBufAllocator allocator) {
        return context.newHandler(allocator, threads);
    }

    /** Returns a handler for one connection to a target. */
    SslHandler handler(SslContext context, ByteBufAllocator allocator, String name, int port) {
        return context.newHandler(allocator, name, port, threads);
    }

    /** Ends the threads. */
    public void close() {
        threads.shutdownNow();
    }
}
