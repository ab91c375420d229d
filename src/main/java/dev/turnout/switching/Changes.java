package dev.turnout.switching;

import dev.turnout.config.Deadline;
import dev.turnout.routing.Service;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jboss.logging.Logger;

/**
 * Runs changes: each under its service's lock, on a thread of its own, to its end whoever still waits for the answer.
 *
 * <p>An answer is given only after the lock is free, so that whoever has it may ask for the next change at once; but
 * work that answers early keeps the lock until it has ended.
 */
public final class Changes {

    private static final Logger LOG = Logger.getLogger(Changes.class);
    private static final long LOOK_MILLIS = 10;

    /** What is done under the lock, from top to bottom; it may block. */
    @FunctionalInterface
    interface Work<R> {
        /**
         * @param change to tell the steps to
         * @param early takes the answer if it is to be given before the work has ended
         * @throws ChangeRefused if nothing was changed
         */
        R perform(Change change, Consumer<R> early);
    }

    private final ServiceLocks locks = new ServiceLocks();
    private final ExecutorService threads;
    private final CompletableFuture<Void> stopping = new CompletableFuture<>();
    private final Announcer announcer;
    private final ChangeRecorder recorder;
    private final Clock clock;
    /** Null while changes are taken. */
    private volatile Suspension suspension;

    private record Suspension(ChangeRefused.Reason reason, String why) {}

    Changes(Announcer announcer, ChangeRecorder recorder, Clock clock) {
        this.announcer = announcer;
        this.recorder = recorder;
        this.clock = clock;
        AtomicInteger number = new AtomicInteger();
        this.threads =
                Executors.newCachedThreadPool(task -> new Thread(task, "turnout-change-" + number.incrementAndGet()));
    }

    /** What is being changed at a service now. */
    public Optional<Change> ongoing(String service) {
        return locks.holder(service);
    }

    /** Completes when Turnout begins to stop: what may still be given up should be. */
    CompletableFuture<Void> stopping() {
        return stopping;
    }

    /**
     * Begins a change.
     *
     * @throws ChangeRefused if the service is being changed, or Turnout is being stopped
     */
    <R> CompletionStage<R> begin(String service, String what, String who, Work<R> work) {
        return begin(service, what, who, work, UnaryOperator.identity());
    }

    /**
     * Begins a change, even while another one only looks on: that one waits until this one has ended.
     *
     * @throws ChangeRefused as {@link #begin(String, String, String, Work)} does
     */
    <R> CompletionStage<R> interpose(String service, String what, String who, Work<R> work) {
        return begin(service, what, who, locks::takeOrBorrow, work, UnaryOperator.identity());
    }

    /**
     * Does what changes nothing, during which others may {@link #interpose} a change; has the lock again when it returns.
     *
     * @param change whose lock it is
     */
    <T> T lookOn(Change change, Supplier<T> looking) {
        locks.lend(change);
        try {
            return looking.get();
        } finally {
            locks.reclaim(change);
        }
    }

    /**
     * Begins a change.
     *
     * @param afterwards makes the answer of what the work has come to; it may block, and the lock is free by then
     * @throws ChangeRefused if the service is being changed, or Turnout is being stopped
     */
    <R> CompletionStage<R> begin(String service, String what, String who, Work<R> work, UnaryOperator<R> afterwards) {
        return begin(service, what, who, locks::take, work, afterwards);
    }

    private <R> CompletionStage<R> begin(
            String service,
            String what,
            String who,
            Consumer<Change> taking,
            Work<R> work,
            UnaryOperator<R> afterwards) {
        Change change = new Change(service, what, who, clock.instant(), announcer);
        refuseWhenStopping();
        taking.accept(change);
        boolean isRunning = false;
        try {
            // Looked at under the lock: whoever suspends first says so and then looks at the locks.
            refuseWhenSuspended();
            CompletableFuture<R> answer = new CompletableFuture<>();
            threads.execute(() -> run(change, work, afterwards, answer));
            isRunning = true;
            return answer;
        } catch (RejectedExecutionException e) {
            refuseWhenStopping();
            throw e;
        } finally {
            if (!isRunning) {
                locks.free(change);
            }
        }
    }

    private void refuseWhenSuspended() {
        Suspension now = suspension;
        if (now != null) {
            throw new ChangeRefused(now.reason(), now.why() + " Nothing was done.");
        }
    }

    private void refuseWhenStopping() {
        if (stopping.isDone()) {
            throw new ChangeRefused(
                    ChangeRefused.Reason.STOPPING, "Turnout is being stopped: nothing was done. Ask the next one.");
        }
    }

    private <R> void run(Change change, Work<R> work, UnaryOperator<R> afterwards, CompletableFuture<R> answer) {
        try {
            answer.complete(afterwards.apply(underLock(change, work, answer)));
        } catch (ChangeRefused refused) {
            answer.completeExceptionally(refused);
        } catch (RuntimeException | Error broken) {
            answer.completeExceptionally(broken);
            LOG.errorf(
                    broken,
                    "%s: %s ended in an error at the step '%s'",
                    change.service(),
                    change.what(),
                    change.step());
        }
    }

    /** The one place where a change's lock is freed once the change runs. */
    private <R> R underLock(Change change, Work<R> work, CompletableFuture<R> answer) {
        try {
            return work.perform(change, answer::complete);
        } catch (ChangeRefused refused) {
            record(change, refused);
            throw refused;
        } finally {
            locks.free(change);
        }
    }

    /** A refusal that can't be recorded is a refusal still. */
    private void record(Change change, ChangeRefused refused) {
        try {
            recorder.refused(change, refused);
        } catch (RuntimeException | Error broken) {
            refused.addSuppressed(broken);
            LOG.errorf(broken, "%s: the refusal of %s could not be recorded", change.service(), change.what());
        }
    }

    /**
     * Blocks until a step of a change has ended that may be given up.
     *
     * @param doing what is being done, in half a sentence, with its service
     * @throws ChangeRefused if Turnout begins to stop before
     */
    <T> T await(CompletionStage<T> step, String doing, Service service) {
        CompletableFuture<T> result = step.toCompletableFuture();
        CompletableFuture.anyOf(result, stopping).join();
        if (!result.isDone()) {
            throw new ChangeRefused(
                    ChangeRefused.Reason.STOPPING,
                    "Turnout is being stopped while " + doing + ": nothing has changed, slot " + service.active()
                            + " is active.");
        }
        return result.join();
    }

    /**
     * Takes no new changes until {@link #resume}; those that have begun go on.
     *
     * @param reason for programs
     * @param why a sentence for those who are refused, and for the status
     */
    public void suspend(ChangeRefused.Reason reason, String why) {
        suspension = new Suspension(reason, why);
    }

    /** Takes changes again. */
    public void resume() {
        suspension = null;
    }

    /** Why no new change is taken now; empty if changes are taken. */
    public Optional<String> suspension() {
        return Optional.ofNullable(suspension).map(Suspension::why);
    }

    /**
     * Blocks until no change is under way, or a time has passed.
     *
     * @return whether none is
     */
    public boolean awaitNone(Duration most) throws InterruptedException {
        return Deadline.after(most).await(locks::areFree, LOOK_MILLIS);
    }

    /** Takes no new changes and gives those up that wait at a gate; returns at once. */
    public void beginStop() {
        stopping.complete(null);
        threads.shutdown();
    }

    /**
     * Blocks until the changes that had begun have ended, or a time has passed.
     *
     * @return whether they have
     */
    public boolean awaitEnd(long millis) throws InterruptedException {
        boolean ended = threads.awaitTermination(millis, TimeUnit.MILLISECONDS);
        if (!ended) {
            threads.shutdownNow();
        }
        return ended;
    }
}
