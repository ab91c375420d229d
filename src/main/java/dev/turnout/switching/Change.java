package dev.turnout.switching;

import dev.turnout.health.GateReport;
import dev.turnout.routing.VisibleText;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A change of one service that has begun and not ended. Any thread may read, and may cancel; only the change's own thread
 * enters steps.
 *
 * <p>A change can be cancelled until it is sealed, once, at its commit or at its end. Cancelling and sealing exclude each
 * other.
 */
public final class Change {

    private final String service;
    private final String what;
    private final ChangeNote note;
    private final Instant since;
    private final Announcer announcer;
    private final AtomicReference<Fate> fate = new AtomicReference<>(Fate.OPEN);
    private final CompletableFuture<ChangeNote> cancelled = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile Step step = Step.STARTING;
    private volatile Optional<GateReport> gate = Optional.empty();

    private enum Fate {
        OPEN,
        SEALED,
        CANCELLED
    }

    Change(String service, String what, ChangeNote note, Instant since, Announcer announcer) {
        this.service = Objects.requireNonNull(service, "service");
        this.what = VisibleText.of(what, VisibleText.SHORT);
        this.note = Objects.requireNonNull(note, "note");
        this.since = Objects.requireNonNull(since, "since");
        this.announcer = announcer;
    }

    /** Returns the name of the service. */
    public String service() {
        return service;
    }

    /** Returns what was asked for, in a few words: {@code switch to green}. */
    public String what() {
        return what;
    }

    /** Returns what the caller says about the change. */
    public ChangeNote note() {
        return note;
    }

    /** Returns when the change began. */
    public Instant since() {
        return since;
    }

    /** Returns the step that the change is at. */
    public Step step() {
        return step;
    }

    /** Enters a step, and tells listeners. */
    void enter(Step next) {
        step = next;
        announcer.announce(ChangeEvent.step(this));
    }

    /** Keeps what the gate has seen, for a later cancellation. */
    void saw(GateReport report) {
        gate = Optional.of(report);
    }

    /**
     * Cancels this change, unless the change is sealed.
     *
     * @param who cancels
     * @return whether the change is cancelled: then nothing changes
     */
    boolean cancel(ChangeNote who) {
        boolean isCancelled = fate.compareAndSet(Fate.OPEN, Fate.CANCELLED);
        if (isCancelled) {
            cancelled.complete(who);
        }
        return isCancelled;
    }

    /** Returns a future that completes when this change is cancelled, with who has cancelled the change. */
    CompletableFuture<ChangeNote> cancelled() {
        return cancelled;
    }

    /** Returns true if this change is cancelled. */
    boolean isCancelled() {
        return fate.get() == Fate.CANCELLED;
    }

    /** Makes sure that this change cannot be cancelled from now on. Returns false if the change is cancelled. */
    boolean seal() {
        fate.compareAndSet(Fate.OPEN, Fate.SEALED);
        return !isCancelled();
    }

    /**
     * Seals this change.
     *
     * @throws ChangeRefused if the change is cancelled
     */
    void sealOrRefuse() {
        if (!seal()) {
            throw cancellation();
        }
    }

    /** Returns the refusal of this change, which is cancelled. Blocks until it is known who has cancelled. */
    ChangeRefused cancellation() {
        String who = cancelled.join().asker();
        return ChangeRefused.cancelled(
                        "The change '" + what + "' of service '" + service + "', at the step '" + step
                                + "', was cancelled by " + who + ". Nothing has changed.",
                        gate)
                .with("cancelledBy", who);
    }

    /** Returns a stage that completes when this change has ended, and its lock is free. */
    CompletionStage<Void> ended() {
        return ended;
    }

    /** Called when this change has ended, and its lock is free. */
    void end() {
        // Lets go of all that would end with a cancellation.
        cancelled.cancel(false);
        ended.complete(null);
    }
}
