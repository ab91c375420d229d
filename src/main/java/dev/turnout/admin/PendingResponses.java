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

/** Calls that are answered when their work has ended, and how many of them still wait for their answer. */
@Singleton
public final class PendingResponses {

    /** A part of all connections, so that there is always a place for a call that only asks. */
    private static final int SHARE = 2;

    private final AtomicInteger owed = new AtomicInteger();
    private final int most;

    PendingResponses(TurnoutConfig config) {
        this.most = most(config);
    }

    /** How many calls may wait for their answer. */
    public static int most(TurnoutConfig config) {
        return config.admin().connections() / SHARE;
    }

    /**
     * Begins work, and answers when it has ended, on the event loop that the call came in on; a client may be gone by
     * then. The work is not begun if too many calls wait already.
     */
    <T> void later(RoutingContext call, Supplier<CompletionStage<T>> work, Consumer<T> answer) {
        if (owed.incrementAndGet() > most) {
            owed.decrementAndGet();
            Answers.problem(
                    call,
                    Problem.of(
                            "too-many-calls",
                            503,
                            "Too many calls wait already",
                            "Nothing was done: " + most + " calls wait for their end, half of"
                                    + " turnout.admin.connections, which is all there may be."));
            return;
        }
        Context loop = call.vertx().getOrCreateContext();
        call.addEndHandler(ended -> owed.decrementAndGet());
        begin(work)
                .whenComplete((value, failure) -> loop.runOnContext(now -> {
                    if (failure != null) {
                        Answers.problem(call, Problems.of(failure));
                    } else if (!call.response().closed()) {
                        answer.accept(value);
                    }
                }));
    }

    private static <T> CompletionStage<T> begin(Supplier<CompletionStage<T>> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    /** Whether every call that waited has been answered, or its client is gone. Any thread. */
    public boolean areNone() {
        return owed.get() == 0;
    }
}
