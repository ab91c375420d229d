package dev.turnout;

import dev.turnout.config.DaemonThread;
import dev.turnout.log.FailedRequestLog;
import dev.turnout.log.OutageEvent;
import dev.turnout.log.OutageLog;
import dev.turnout.log.Outages;
import dev.turnout.log.RefusedCalls;
import dev.turnout.log.TargetView;
import dev.turnout.switching.OutageRecorder;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * The watch over outages, on one thread of its own. It looks at all services when a health or the routing has changed,
 * and every {@value #SECONDS} seconds; then it sums up the requests that have failed too. Outages go to the log, to the
 * journal, and to load balancers as readiness.
 */
@Singleton
final class OutageWatch {

    private static final Logger LOG = Logger.getLogger("dev.turnout");
    private static final int SECONDS = 10;
    private static final long LAST_LOOK_MILLIS = 1_000;

    private final ServiceTargets targets;
    private final Front front;
    private final OutageRecorder recorder;
    private final RefusedCalls refusedCalls;
    private final Clock clock;
    private final Outages outages = new Outages(System::nanoTime);
    private final OutageLog outageLog = new OutageLog(LOG);
    private final FailedRequestLog failedRequests = new FailedRequestLog(LOG, SECONDS);
    private final AtomicBoolean isLookDue = new AtomicBoolean();
    private volatile boolean isStopping;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(work -> DaemonThread.of("turnout-outages", work));

    OutageWatch(ServiceTargets targets, Front front, OutageRecorder recorder, RefusedCalls refusedCalls, Clock clock) {
        this.targets = targets;
        this.front = front;
        this.recorder = recorder;
        this.refusedCalls = refusedCalls;
        this.clock = clock;
    }

    /** Begins to look. Called once this process serves and may write to the journal. */
    void begin() {
        lookSoon();
        thread.scheduleAtFixedRate(() -> safely(this::tick), SECONDS, SECONDS, TimeUnit.SECONDS);
    }

    /** Looks soon: once for all calls until then. At a start each target of each service has a change. Any thread. */
    void lookSoon() {
        if (!isLookDue.compareAndSet(false, true)) {
            return;
        }
        try {
            thread.execute(() -> {
                isLookDue.set(false);
                safely(this::look);
            });
        } catch (RejectedExecutionException stopped) {
            LOG.debug("Outages are not watched any more");
        }
    }

    /**
     * Looks no more: the journal may belong to a successor soon. Load balancers learn that this process is not ready.
     * Failed requests are still summed up.
     */
    void beginStop() {
        isStopping = true;
        front.answerReady(false);
    }

    /** Sums up for the last time. Blocks for a second at most. */
    void stop() {
        thread.execute(() -> safely(this::sumUp));
        thread.shutdown();
        try {
            if (!thread.awaitTermination(LAST_LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs a task. A fault ends neither the thread nor its next task. */
    private static void safely(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error broken) {
            LOG.error("Outages could not be looked for", broken);
        }
    }

    private void look() {
        if (isStopping) {
            return;
        }
        Instant now = clock.instant();
        Map<String, List<TargetView>> all = targets.all();
        Set<String> services = new HashSet<>(outages.services());
        services.addAll(all.keySet());
        for (String service : services) {
            List<OutageEvent> events = all.containsKey(service)
                    ? outages.look(service, all.get(service), now)
                    : outages.remove(service, now);
            events.forEach(outageLog::accept);
            recorder.record(events);
        }
        recorder.recordLasting(now);
        front.answerReady(!isStopping
                && targets.heldInDoubt().isEmpty()
                && all.values().stream().noneMatch(Outages::isNobodyLeft));
    }

    private void tick() {
        look();
        sumUp();
        outageLog.tick(clock.instant());
        refusedCalls.tick();
    }

    private void sumUp() {
        failedRequests.write(front.takeFailures(), LAST_LOOK_MILLIS);
    }
}
