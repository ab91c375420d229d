package dev.turnout.switching;

import dev.turnout.config.Deadline;
import dev.turnout.routing.Service;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The changes that run: each under its service's lock, on its own thread, to its end even if the caller is gone.
 *
 * <p>A caller gets the answer after the lock is free, so that the caller can ask for the next change at once. Work that
 * answers early keeps the lock until the work has ended.
 */
public final class Changes {

    private static final Logger LOG = Logger.getLogger(Changes.class);
    private static final long LOOK_MILLIS = 10;

    /** The work of a change under the lock. May block. */
    @FunctionalInterface
    interface Work<R> {
        /**
         * @param change that enters the steps
         * @param early takes the answer, if the answer is to be given before the work has ended
         * @throws ChangeRefused if nothing was changed
         */
        R perform(Change change, Consumer<R> early);
    }

    /** The work of one change of several services under their locks. May block. */
    @FunctionalInterface
    interface JointWork<R> {
        /**
         * @param taken the change of each service, by its name
         * @param early takes the answer, if the answer is to be given before the work has ended
         * @throws ChangeRefused if nothing was changed
         */
        R perform(Map<String, Change> taken, Consumer<R> early);
    }

    private final ServiceLocks locks = new ServiceLocks();
    private final ExecutorService threads;
    private final CompletableFuture<Void> stopping = new CompletableFuture<>();
    private final Announcer announcer;
    private final ChangeRecorder recorder;
    private final Clock clock;
    /** Null while changes are accepted. */
    private volatile @Nullable Suspension suspension;

    private record Suspension(ChangeRefused.Reason reason, String why) {}

    Changes(Announcer announcer, ChangeRecorder recorder, Clock clock) {
        this.announcer = announcer;
        this.recorder = recorder;
        this.clock = clock;
        AtomicInteger number = new AtomicInteger();
        this.threads =
                Executors.newCachedThreadPool(task -> new Thread(task, "turnout-change-" + number.incrementAndGet()));
    }

    /** Returns the change of a service that runs now. Others may be begun if it only waits: see {@link #mayBegin}. */
    public Optional<Change> ongoing(String service) {
        return locks.ongoing(service);
    }

    /** Returns true if a change of a service that nobody has asked for may begin: those that run do not keep it waiting. */
    boolean mayBegin(String service) {
        return locks.hasRoom(service);
    }

    /** Returns a future that completes when Turnout begins to stop. Steps that can be given up end then. */
    CompletableFuture<Void> stopping() {
        return stopping;
    }

    /**
     * Begins a change.
     *
     * @throws ChangeRefused if the service is being changed, or Turnout is being stopped
     */
    <R> CompletionStage<R> begin(String service, String what, ChangeNote note, Work<R> work) {
        return begin(service, what, note, work, UnaryOperator.identity());
    }

    /**
     * Begins a change, even while another change only looks on. The other change waits until this change has ended. If this
     * change is made, the other change has nothing to look at any more, and ends: the answer comes after that.
     *
     * @throws ChangeRefused as {@link #begin(String, String, ChangeNote, Work)} does
     */
    <R> CompletionStage<R> interpose(String service, String what, ChangeNote note, Work<R> work) {
        return begin(service, what, note, locks::takeOrBorrow, work, UnaryOperator.identity());
    }

    /**
     * Runs work that changes nothing, during which others may {@link #interpose} a change. Has the lock again at the end.
     *
     * @param change that has the lock
     * @param recalling returns who cancels a change that has interposed, if it can still be cancelled; empty to wait for its end
     */
    <T> T lookOn(Change change, Supplier<T> looking, Function<T, Optional<ChangeNote>> recalling) {
        locks.lend(change);
        return andReclaim(change, () -> {
            T seen = looking.get();
            recalling.apply(seen).ifPresent(who -> locks.stopLending(change)
                    .ifPresent(borrower -> borrower.cancel(who)));
            return seen;
        });
    }

    /**
     * Runs work that changes nothing, during which others may begin any change. Has the lock again at the end: it waits for
     * the end of a change that has the lock then.
     *
     * @param change that has the lock
     */
    <T> T standBack(Change change, Supplier<T> waiting) {
        locks.standBack(change);
        return andReclaim(change, waiting);
    }

    private <T> T andReclaim(Change change, Supplier<T> work) {
        try {
            return work.get();
        } finally {
            locks.reclaim(change);
        }
    }

    /**
     * Begins a change.
     *
     * @param afterwards makes the answer from the result of the work, after the lock is free; may block
     * @throws ChangeRefused if the service is being changed, or Turnout is being stopped
     */
    <R> CompletionStage<R> begin(
            String service, String what, ChangeNote note, Work<R> work, UnaryOperator<R> afterwards) {
        return begin(service, what, note, locks::take, work, afterwards);
    }

    private <R> CompletionStage<R> begin(
            String service,
            String what,
            ChangeNote note,
            Consumer<Change> taking,
            Work<R> work,
            UnaryOperator<R> afterwards) {
        Change change = new Change(service, what, note, clock.instant(), announcer);
        refuseWhenStopping();
        taking.accept(change);
        boolean isRunning = false;
        try {
            // Checked under the lock, since a suspension is set first, and the locks are checked then.
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

    /**
     * Begins one change of several services, under the locks of all of them.
     *
     * <p>Who cancels the change of one service cancels all.
     *
     * @throws ChangeRefused if one of the services is being changed, or Turnout is being stopped
     */
    <R> CompletionStage<R> beginTogether(Collection<String> services, String what, ChangeNote note, JointWork<R> work) {
        refuseWhenStopping();
        Map<String, Change> taken = new TreeMap<>();
        boolean isRunning = false;
        try {
            for (String service : services) {
                Change change = new Change(service, what, note, clock.instant(), announcer);
                locks.take(change);
                taken.put(service, change);
            }
            refuseWhenSuspended();
            taken.values().forEach(change -> cancelWith(change, taken.values()));
            CompletableFuture<R> answer = new CompletableFuture<>();
            threads.execute(() -> run(taken, work, answer));
            isRunning = true;
            return answer;
        } catch (RejectedExecutionException e) {
            refuseWhenStopping();
            throw e;
        } finally {
            if (!isRunning) {
                taken.values().forEach(locks::free);
            }
        }
    }

    private static void cancelWith(Change change, Collection<Change> together) {
        change.cancelled().thenAccept(who -> together.forEach(other -> other.cancel(who)));
    }

    private <R> void run(Map<String, Change> taken, JointWork<R> work, CompletableFuture<R> answer) {
        try {
            answer.complete(underLocks(taken, () -> work.perform(taken, answer::complete)));
        } catch (ChangeRefused refused) {
            answer.completeExceptionally(refused);
        } catch (RuntimeException | Error broken) {
            answer.completeExceptionally(broken);
            LOG.errorf(broken, "A change of %s ended in an error", taken.keySet());
        }
    }

    private <R> R underLocks(Map<String, Change> taken, Supplier<R> work) {
        try {
            return performed(taken.values(), work);
        } catch (ChangeRefused refused) {
            taken.values().forEach(change -> record(change, refused));
            throw refused;
        } finally {
            taken.values().forEach(change -> {
                locks.free(change);
                change.end();
            });
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
            Optional<Change> lender = locks.lender(change);
            R result = underLock(change, work, answer);
            lender.ifPresent(
                    lookingOn -> lookingOn.ended().toCompletableFuture().join());
            answer.complete(afterwards.apply(result));
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

    /** Does the work and frees the lock. No other place frees the lock of a change that runs. */
    private <R> R underLock(Change change, Work<R> work, CompletableFuture<R> answer) {
        try {
            return performed(List.of(change), () -> work.perform(change, answer::complete));
        } catch (ChangeRefused refused) {
            record(change, refused);
            throw refused;
        } finally {
            locks.free(change);
            change.end();
        }
    }

    /** Does the work. A change that was cancelled meanwhile is refused for this reason, even if it would have failed. */
    private static <R> R performed(Collection<Change> together, Supplier<R> work) {
        try {
            R result = work.get();
            together.forEach(Change::sealOrRefuse);
            return result;
        } catch (ChangeRefused refused) {
            if (refused.reason() != ChangeRefused.Reason.CANCELLED) {
                together.forEach(Change::sealOrRefuse);
            }
            throw refused;
        }
    }

    /** Records a refusal. The change is refused even if that fails. */
    private void record(Change change, ChangeRefused refused) {
        try {
            recorder.refused(change, refused);
        } catch (RuntimeException | Error broken) {
            refused.addSuppressed(broken);
            LOG.errorf(broken, "%s: the refusal of %s could not be recorded", change.service(), change.what());
        }
    }

    /**
     * Cancels the change of a service that runs now, if its commit has not begun.
     *
     * @param service as it is now
     * @param expectation the revision that the service may have
     * @param note who cancels
     * @return completes with the cancelled change, when the change has ended and its lock is free
     * @throws ChangeRefused if no change runs, or its commit has begun
     */
    public CompletionStage<Change> cancel(Service service, ExpectedRevision expectation, ChangeNote note) {
        expectation.check(service);
        Change change = locks.ongoing(service.name())
                .orElseThrow(() -> new ChangeRefused(
                        ChangeRefused.Reason.NOTHING_TO_CANCEL,
                        "Service '" + service.name() + "' is not being changed: nothing was cancelled. Slot "
                                + service.active() + " is active."));
        if (!change.cancel(note)) {
            throw new ChangeRefused(
                            ChangeRefused.Reason.TOO_LATE,
                            "The change '" + change.what() + "' of service '" + change.service() + "', asked for by "
                                    + change.note().asker() + ", is at the step '" + change.step()
                                    + "': it can no longer be cancelled. When it has ended, GET /admin/status shows what"
                                    + " holds, and POST /admin/rollback takes a switch back.")
                    .with("switching", ChangeJson.of(change));
        }
        return change.ended().thenApply(ended -> change);
    }

    /** Returns a future that completes when a change is to be given up: it is cancelled, or Turnout begins to stop. */
    CompletableFuture<?> givenUp(Change change) {
        return CompletableFuture.anyOf(change.cancelled(), stopping);
    }

    /**
     * Blocks until a step of a change has ended, or the change is to be given up.
     *
     * @param doing what is being done, in half a sentence, with the service's name
     * @throws ChangeRefused if the change is cancelled, or Turnout has begun to stop
     */
    <T> T await(CompletionStage<T> step, String doing, Service service, Change change) {
        CompletableFuture<T> result = step.toCompletableFuture();
        CompletableFuture.anyOf(result, givenUp(change)).join();
        if (change.isCancelled()) {
            awaitBriefly(result);
            throw change.cancellation();
        }
        // A step that can be given up ends early by itself when Turnout begins to stop: its result is no result.
        if (stopping.isDone() || !result.isDone()) {
            throw new ChangeRefused(
                    ChangeRefused.Reason.STOPPING,
                    "Turnout is being stopped while " + doing + ": nothing has changed, slot " + service.active()
                            + " is active.");
        }
        return result.join();
    }

    /**
     * Blocks for a time, unless the change is to be given up.
     *
     * @param doing as in {@link #await}
     * @throws ChangeRefused if the change is cancelled, or Turnout has begun to stop
     */
    void rest(long millis, String doing, Service service, Change change) {
        await(
                new CompletableFuture<Void>().completeOnTimeout(null, millis, TimeUnit.MILLISECONDS),
                doing,
                service,
                change);
    }

    /** Waits for what a step that is given up has come to, so that the refusal can tell. */
    private static void awaitBriefly(CompletableFuture<?> result) {
        try {
            result.get(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debugf(e, "A step that was given up has no result");
        }
    }

    /**
     * Refuses new changes until {@link #resume}. Changes that have begun go on.
     *
     * @param reason for programs
     * @param why a sentence for refused callers and for the status
     */
    public void suspend(ChangeRefused.Reason reason, String why) {
        suspension = new Suspension(reason, why);
    }

    /** Accepts changes again. */
    public void resume() {
        suspension = null;
    }

    /** Returns why new changes are refused now; empty if changes are accepted. */
    public Optional<String> suspension() {
        return Optional.ofNullable(suspension).map(Suspension::why);
    }

    /**
     * Blocks until no change runs, a time has passed, or nobody waits for that any more.
     *
     * @param isGivenUp asked again and again while a change runs. Must not block.
     * @return whether no change runs
     */
    public boolean awaitNone(Duration most, BooleanSupplier isGivenUp) throws InterruptedException {
        Deadline.after(most).await(() -> locks.areFree() || isGivenUp.getAsBoolean(), LOOK_MILLIS);
        return locks.areFree();
    }

    /** Refuses new changes, gives up changes that wait at a gate, and returns at once. */
    public void beginStop() {
        stopping.complete(null);
        threads.shutdown();
    }

    /**
     * Blocks until all changes have ended, or a time has passed.
     *
     * @return whether all changes have ended
     */
    public boolean awaitEnd(long millis) throws InterruptedException {
        boolean ended = threads.awaitTermination(millis, TimeUnit.MILLISECONDS);
        if (!ended) {
            threads.shutdownNow();
        }
        return ended;
    }
}
