package dev.turnout.config;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/**
 * The client of calls that Turnout makes for itself: Java's own, with HTTP/1.1 and without redirects. The threads of the
 * traffic have no part in it. Any thread.
 */
public final class CallClient {

    private final HttpClient client;
    private final Threads threads;

    /**
     * @param connect how long a connection may take to open
     * @param tls who is trusted; empty for whom Java trusts
     */
    public CallClient(Duration connect, Optional<SSLContext> tls) {
        this(connect, tls, task -> DaemonThread.of("turnout-calls", task));
    }

    CallClient(Duration connect, Optional<SSLContext> tls, ThreadFactory factory) {
        this.threads = new Threads(factory);
        HttpClient.Builder builder = HttpClient.newBuilder()
                .executor(threads)
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(connect);
        tls.ifPresent(builder::sslContext);
        this.client = builder.build();
    }

    /** Sends a request. */
    public <T> CompletableFuture<HttpResponse<T>> send(HttpRequest request, HttpResponse.BodyHandler<T> body) {
        return client.sendAsync(request, body);
    }

    /** Gives the client up: its threads end when they have nothing to do. Calls that are under way go on. */
    public void release() {
        threads.release();
    }

    /**
     * The threads of the client. Java's client ends for good if it once gets no thread for a task, as at a limit of threads. So
     * one thread stands by from the beginning, and does what gets no other.
     */
    private static final class Threads implements Executor {

        private static final long IDLE_SECONDS = 60;

        private final ThreadPoolExecutor usual;
        private final ThreadPoolExecutor standby;

        Threads(ThreadFactory factory) {
            usual = new ThreadPoolExecutor(
                    0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), factory);
            standby =
                    new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
            standby.prestartCoreThread();
        }

        @Override
        public void execute(Runnable task) {
            try {
                usual.execute(task);
            } catch (OutOfMemoryError e) {
                standby.execute(task);
            }
        }

        void release() {
            standby.allowCoreThreadTimeOut(true);
        }
    }
}
