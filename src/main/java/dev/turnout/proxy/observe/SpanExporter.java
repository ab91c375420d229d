package dev.turnout.proxy.observe;

import dev.turnout.config.DaemonThread;
import dev.turnout.proxy.exchange.TraceSink;
import dev.turnout.proxy.exchange.TracedRequest;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.jboss.logging.Logger;

/**
 * Sends recorded requests to a collector, in batches, on a thread of its own. An event loop never waits: what finds the queue
 * full is dropped, and counted. A batch that the collector does not take is dropped too.
 */
public final class SpanExporter implements TraceSink, AutoCloseable {

    private static final Logger LOG = Logger.getLogger("dev.turnout");
    private static final int MOST_WAITING = 4_096;
    private static final int BATCH = 512;
    private static final long GATHER_MILLIS = 500;
    private static final int ANSWER_SECONDS = 10;
    private static final long END_MILLIS = 2_000;

    private final SpanSettings settings;
    private final BlockingQueue<TracedRequest> queue = new ArrayBlockingQueue<>(MOST_WAITING);
    private final LongAdder sent = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final Thread thread = DaemonThread.of("turnout-tracing", this::run);
    private volatile boolean isClosing;
    private boolean isFailing;

    public SpanExporter(SpanSettings settings) {
        this.settings = settings;
        thread.start();
    }

    @Override
    public void take(TracedRequest request) {
        if (!queue.offer(request)) {
            dropped.increment();
        }
    }

    /** Returns how many requests the collector has taken. */
    public long sent() {
        return sent.sum();
    }

    /** Returns how many recorded requests were lost. */
    public long dropped() {
        return dropped.sum();
    }

    private void run() {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(ANSWER_SECONDS));
        settings.trust().ifPresent(builder::sslContext);
        HttpClient client = builder.build();
        try {
            while (!isClosing || !queue.isEmpty()) {
                List<TracedRequest> batch = gather();
                if (!batch.isEmpty()) {
                    send(client, batch);
                }
            }
        } catch (InterruptedException e) {
            dropped.add(queue.size());
        }
    }

    private List<TracedRequest> gather() throws InterruptedException {
        List<TracedRequest> batch = new ArrayList<>();
        TracedRequest first = queue.poll(GATHER_MILLIS, TimeUnit.MILLISECONDS);
        if (first != null) {
            batch.add(first);
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(GATHER_MILLIS);
            while (batch.size() < BATCH && !isClosing && System.nanoTime() < end) {
                TracedRequest next = queue.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (next != null) {
                    batch.add(next);
                }
            }
            queue.drainTo(batch, BATCH - batch.size());
        }
        return batch;
    }

    private void send(HttpClient client, List<TracedRequest> batch) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(settings.url())
                .header("Content-Type", "application/x-protobuf")
                .header("User-Agent", "Turnout")
                .POST(BodyPublishers.ofByteArray(OtlpSpans.of(batch, settings.serviceName())))
                .build();
        CompletableFuture<HttpResponse<Void>> call = client.sendAsync(request, BodyHandlers.discarding());
        try {
            int status = call.get(ANSWER_SECONDS, TimeUnit.SECONDS).statusCode();
            if (status >= 200 && status < 300) {
                sent.add(batch.size());
                isFailing = false;
            } else {
                lose(batch, "it answered " + status);
            }
        } catch (TimeoutException e) {
            lose(batch, "it did not answer in " + ANSWER_SECONDS + " s");
        } catch (ExecutionException e) {
            lose(batch, String.valueOf(e.getCause()));
        } finally {
            call.cancel(true);
        }
    }

    private void lose(List<TracedRequest> batch, String why) {
        dropped.add(batch.size());
        if (!isFailing) {
            isFailing = true;
            LOG.warnf(
                    "The collector %s does not take spans, which are dropped: %s. Requests are not affected. Correct"
                            + " turnout.tracing.url",
                    settings.url(), why);
        }
    }

    /** Sends what waits. Blocks, for two seconds at most. */
    @Override
    public void close() {
        isClosing = true;
        try {
            thread.join(END_MILLIS);
            thread.interrupt();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
