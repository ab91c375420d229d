package dev.turnout;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** The turn of a reload: one is under way at a time. Any thread. */
final class ReloadTurn {

    private final AtomicBoolean isTaken = new AtomicBoolean();
    private final Runnable freed;

    /** @param freed is called when a reload has ended, and the next one may begin */
    ReloadTurn(Runnable freed) {
        this.freed = freed;
    }

    /**
     * Begins a reload, unless another one is under way.
     *
     * @param reload fails if the reload can't begin, as when the system gives no more threads: the turn ends then too
     * @return empty if another one is under way
     */
    <T> Optional<CompletionStage<T>> begin(Supplier<CompletionStage<T>> reload) {
        if (!isTaken.compareAndSet(false, true)) {
            return Optional.empty();
        }
        return Optional.of(CompletableFuture.<Void>completedFuture(null)
                .thenCompose(nothing -> reload.get())
                .whenComplete((reloaded, failure) -> {
                    isTaken.set(false);
                    freed.run();
                }));
    }
}
