package dev.turnout.admin;

import dev.turnout.config.TurnoutConfig;
import io.vertx.core.Context;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The calls that wait until their work has ended. The number of these calls is limited. */
@Singleton
public final class PendingResponses {

    /** Waiting calls may take this fraction of all connections, so that a connection for other calls is left. */
    private static final int SHARE = 2;

    private final AtomicInteger waiting = new AtomicInteger();
    private final int most;

    PendingResponses(TurnoutConfig config) {
        this.most = most(config);
    }

    /** Returns how many calls may wait for their answer. */
    public static int most(TurnoutConfig config) {
        return config.admin().connections() / SHARE;
    }

    /**
     * Begins work, and answers on the call's event loop when the work has ended. A client that is gone gets no answer. The
     * work is not begun if too many calls wait already. Event loop only.
     *
     * @param answer is called with the result of the work
     * @param refusal is called with its failure
     */
    <T> void later(
            RoutingContext call, Supplier<CompletionStage<T>> work, Consumer<T> answer, Consumer<Throwable> refusal) {
        if (waiting.incrementAndGet() > most) {
            waiting.decrementAndGet();
            Answers.problem(
                    call,
                    Problem.of(
                            "too-many-calls",
                            503,
                            "Too many calls wait already",
                            "Nothing was done: " + most + " calls wait for their answer, half of"
                                    + " turnout.admin.connections, which is the limit."));
            return;
        }
        Context loop = call.vertx().getOrCreateContext();
        call.addEndHandler(ended -> waiting.decrementAndGet());
        begin(work)
                .whenComplete((value, failure) -> loop.runOnContext(now -> {
                    if (failure != null) {
                        refusal.accept(failure);
                    } else if (!call.response().closed()) {
                        answer.accept(value);
                    }
                }));
    }

    private static <T> CompletionStage<T> begin(Supplier<CompletionStage<T>> work) {
        try {
            return work.get();
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedStage(e);
        }
    }

    /** Returns true if no call waits: each was answered, or its client is gone. Any thread. */
    public boolean areNone() {
        return waiting.get() == 0;
    }
}
