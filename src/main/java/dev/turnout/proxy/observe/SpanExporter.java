package dev.turnout.proxy.observe;

import dev.turnout.config.DaemonThread;
import dev.turnout.config.GrowingPause;
import dev.turnout.proxy.exchange.TracedRequest;
import dev.turnout.proxy.route.TargetState;
import dev.turnout.routing.VisibleText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The exporter that sends recorded requests to a collector, in batches, on a thread of its own. An event loop never
 * waits: what finds the queue full is dropped, and counted. A batch that the collector can't take now is tried again.
 * After the last try the batch is dropped.
 */
final class SpanExporter {

    private static final Logger LOG = Logger.getLogger("dev.turnout");
    private static final int MOST_WAITING = 4_096;
    private static final long MOST_BYTES = 4L << 20;
    private static final int BATCH = 512;
    private static final long GATHER_MILLIS = 500;
    private static final int MOST_TRIES = 6;
    static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);
    private static final long END_MILLIS = 2_000;

    private final SpanSettings settings;
    private final Predicate<TargetState> isTls;
    private final BlockingQueue<TracedRequest> queue = new ArrayBlockingQueue<>(MOST_WAITING);
    private final AtomicLong waitingBytes = new AtomicLong();
    private final Counts counts;
    private final Duration firstPause;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = DaemonThread.of("turnout-tracing", this::run);

    /** Null until the first batch. Thread of this exporter only. */
    private @Nullable CollectorClient collector;

    /** Whether the last batch was not taken. Thread of this exporter only. */
    private boolean isFailing;

    /** Whether it was told that the collector does not keep all of what it takes. Thread of this exporter only. */
    private boolean isPartialTold;

    /**
     * Counts, which outlive an exporter. Any thread.
     *
     * @param sent requests
     * @param dropped requests
     * @param rejected spans of requests that were sent
     */
    record Counts(LongAdder sent, LongAdder dropped, LongAdder rejected) {

        Counts() {
            this(new LongAdder(), new LongAdder(), new LongAdder());
        }
    }

    /**
     * @param isTls whether a target is spoken to over TLS
     * @param firstPause between the first try of a batch and the second
     */
    SpanExporter(SpanSettings settings, Predicate<TargetState> isTls, Counts counts, Duration firstPause) {
        this.settings = settings;
        this.isTls = isTls;
        this.counts = counts;
        this.firstPause = firstPause;
    }

    void begin() {
        thread.start();
    }

    SpanSettings settings() {
        return settings;
    }

    /** Takes a request that has ended. Never blocks. Any thread. */
    void take(TracedRequest request) {
        long size = request.size();
        if (waitingBytes.addAndGet(size) > MOST_BYTES || !queue.offer(request)) {
            waitingBytes.addAndGet(-size);
            counts.dropped().increment();
        }
    }

    private void run() {
        try {
            while (!isClosing() || !queue.isEmpty()) {
                List<TracedRequest> batch = gather();
                if (!batch.isEmpty()) {
                    deliverOrDrop(batch);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (collector != null) {
                collector.release();
            }
        }
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private List<TracedRequest> gather() throws InterruptedException {
        List<TracedRequest> batch = new ArrayList<>();
        TracedRequest first = queue.poll(GATHER_MILLIS, TimeUnit.MILLISECONDS);
        if (first != null) {
            batch.add(first);
            closing.await(GATHER_MILLIS, TimeUnit.MILLISECONDS);
            queue.drainTo(batch, BATCH - 1);
            waitingBytes.addAndGet(
                    -batch.stream().mapToLong(TracedRequest::size).sum());
        }
        return batch;
    }

    /** A fault, such as no descriptor for a client or no memory for a batch, does not end the thread. */
    private void deliverOrDrop(List<TracedRequest> batch) throws InterruptedException {
        try {
            if (collector == null) {
                collector = new CollectorClient(settings);
            }
            deliver(collector, OtlpSpans.of(batch, settings.serviceName(), isTls), batch);
        } catch (RuntimeException | Error broken) {
            LOG.errorf(broken, "%d traced requests are dropped: their spans could not be sent", batch.size());
            counts.dropped().add(batch.size());
        }
    }

    private void deliver(CollectorClient collector, byte[] body, List<TracedRequest> batch)
            throws InterruptedException {
        GrowingPause pauses = new GrowingPause(firstPause, LONGEST_PAUSE);
        ExportOutcome outcome = send(collector, body, batch);
        for (int tries = 1; outcome instanceof ExportOutcome.Later later; tries++) {
            tellOfFailure(later.words(), "tried again, and dropped after " + MOST_TRIES + " tries");
            if (tries == MOST_TRIES || isClosing()) {
                counts.dropped().add(batch.size());
                return;
            }
            Duration asked = pauses.next(later.after().orElse(Duration.ZERO));
            closing.await(Math.min(asked.toMillis(), LONGEST_PAUSE.toMillis()), TimeUnit.MILLISECONDS);
            outcome = send(collector, body, batch);
        }
        if (outcome instanceof ExportOutcome.Never never) {
            tellOfFailure(never.words(), "dropped");
            counts.dropped().add(batch.size());
        } else if (outcome instanceof ExportOutcome.Taken taken) {
            taken(batch);
            tell(taken.partial());
        }
    }

    /** The end of the time to close interrupts the call: its batch is lost. */
    private ExportOutcome send(CollectorClient collector, byte[] body, List<TracedRequest> batch)
            throws InterruptedException {
        try {
            return collector.send(body);
        } catch (InterruptedException e) {
            counts.dropped().add(batch.size());
            throw e;
        }
    }

    private void tellOfFailure(String words, String fate) {
        if (!isFailing) {
            isFailing = true;
            LOG.warnf(
                    "The collector %s does not take spans, which are %s: it %s. Requests are not affected."
                            + " turnout_traced_requests_total counts what is lost. Start the collector, or correct"
                            + " turnout.tracing.url",
                    settings.url(), fate, words);
        }
    }

    private void taken(List<TracedRequest> batch) {
        counts.sent().add(batch.size());
        if (isFailing) {
            isFailing = false;
            LOG.infof("The collector %s takes spans again", settings.url());
        }
    }

    private void tell(PartialSuccess partial) {
        counts.rejected().add(partial.rejectedSpans());
        if (!isPartialTold && !partial.isNone()) {
            isPartialTold = true;
            LOG.warnf(
                    "The collector %s takes spans and has something to say: %d spans of this batch are rejected (%s)."
                            + " turnout_rejected_spans_total counts them. This is told once",
                    settings.url(), partial.rejectedSpans(), VisibleText.of(partial.words(), VisibleText.SHORT));
        }
    }

    /** Sends what waits, with one try. Blocks, for two seconds at most. */
    void close() {
        closing.countDown();
        try {
            thread.join(END_MILLIS);
            thread.interrupt();
            thread.join(END_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        counts.dropped().add(queue.size());
        queue.clear();
    }
}
