package dev.turnout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The turn of a reload")
final class ReloadTurnTest {

    private final List<String> told = new ArrayList<>();
    private final ReloadTurn turn = new ReloadTurn(() -> told.add("freed"));

    @Test
    void is_refused_while_another_reload_is_under_way() {
        CompletableFuture<String> first = new CompletableFuture<>();

        assertThat(turn.begin(() -> first)).isPresent();
        assertThat(turn.begin(CompletableFuture::new)).isEmpty();
        assertThat(told).isEmpty();

        first.complete("reloaded");
        assertThat(told).containsExactly("freed");
        assertThat(turn.begin(CompletableFuture::new)).isPresent();
    }

    @Test
    void ends_with_a_reload_that_fails() {
        CompletableFuture<String> first = new CompletableFuture<>();
        turn.begin(() -> first);

        first.completeExceptionally(new IllegalStateException("a test"));

        assertThat(turn.begin(CompletableFuture::new)).isPresent();
    }

    /** No thread can be made for a moment. */
    @Test
    void ends_with_a_reload_that_can_not_begin() {
        Queue<Error> errors = new ArrayDeque<>(List.of(new OutOfMemoryError("unable to create native thread")));
        Executor reader = task -> {
            if (!errors.isEmpty()) {
                throw errors.remove();
            }
            task.run();
        };

        Optional<CompletionStage<String>> first = reload(reader);
        Optional<CompletionStage<String>> second = reload(reader);

        assertThat(first.orElseThrow()).isCompletedExceptionally();
        assertThat(second.orElseThrow()).isCompletedWithValue("reloaded");
        assertThat(told).containsExactly("freed", "freed");
    }

    private Optional<CompletionStage<String>> reload(Executor reader) {
        return turn.begin(() -> CompletableFuture.supplyAsync(() -> "reloaded", reader));
    }
}
