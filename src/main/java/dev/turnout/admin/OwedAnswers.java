package dev.turnout.admin;

import io.vertx.core.Context;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Calls that are answered when their work has ended, and how many of them still wait for their answer. */
@Singleton
public final class OwedAnswers {

    private final AtomicInteger owed = new AtomicInteger();

    /** Answers when a stage completes, on the event loop that the call came in on; a client may be gone by then. */
    <T> void later(RoutingContext call, CompletionStage<T> stage, Consumer<T> answer) {
        Context loop = call.vertx().getOrCreateContext();
        owed.incrementAndGet();
        call.addEndHandler(ended -> owed.decrementAndGet());
        stage.whenComplete((value, failure) -> loop.runOnContext(now -> {
            if (failure != null) {
                Answers.problem(call, Problems.of(failure));
            } else if (!call.response().closed()) {
                answer.accept(value);
            }
        }));
    }

    /** Whether every call that waited has been answered, or its client is gone. Any thread. */
    public boolean areNone() {
        return owed.get() == 0;
    }
}
