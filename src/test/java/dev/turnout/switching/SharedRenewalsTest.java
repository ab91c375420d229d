package dev.turnout.switching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.DaemonThread;
import dev.turnout.support.Await;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** No fleet answers here: a renewal that is told fails, and says that. */
@DisplayName("A renewal in a fleet")
final class SharedRenewalsTest {

    private static final String TARGET = "default green 10.0.0.1:8080";

    private final Queue<Error> errors = new ArrayDeque<>();

    private void assertFails(CompletionStage<Void> told, String why) {
        Await.until("the renewal is answered", () -> told.toCompletableFuture().isDone());
        assertThat(told.toCompletableFuture())
                .isCompletedExceptionally()
                .failsWithin(Await.PATIENCE)
                .withThrowableOfType(Exception.class)
                .havingCause()
                .isInstanceOf(ChangeRefused.class)
                .withMessageContaining(why);
    }

    /** No thread can be made for a moment. */
    @Test
    void is_refused_without_a_thread_and_the_next_one_is_told() {
        errors.add(new OutOfMemoryError("unable to create native thread"));
        SharedRenewals renewals = new SharedRenewals(Optional::empty, task -> {
            if (!errors.isEmpty()) {
                throw errors.remove();
            }
            return DaemonThread.of("test-renewals", task);
        });
        try {
            assertFails(renewals.tell(TARGET), "unable to create native thread");
            assertFails(renewals.tell(TARGET), "this Turnout has left it");
        } finally {
            renewals.stop();
        }
    }

    @Test
    void is_told_after_one_that_ended_in_an_error() {
        errors.add(new StackOverflowError("a test"));
        SharedRenewals renewals = new SharedRenewals(() -> {
            if (!errors.isEmpty()) {
                throw errors.remove();
            }
            return Optional.empty();
        });
        try {
            assertFails(renewals.tell(TARGET), "a test");
            assertFails(renewals.tell(TARGET), "this Turnout has left it");
        } finally {
            renewals.stop();
        }
    }
}
