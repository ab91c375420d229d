package dev.turnout.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.fleet.decision.Enrolment;
import dev.turnout.fleet.decision.StoreUpdate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An update of the store is under way once at a time")
final class SentUpdatesTest {

    private final Queue<Error> errors = new ArrayDeque<>();
    private final Queue<Runnable> aside = new ArrayDeque<>();
    private final Queue<Runnable> later = new ArrayDeque<>();
    private final List<StoreUpdate> stored = new ArrayList<>();
    private final List<UpdateAnswer> answers = new ArrayList<>();
    private int reads;

    private final SentUpdates sent =
            new SentUpdates(this::store, new AsideWork(this::onThread, later::add), later::add, () -> reads++);

    private void onThread(Runnable task) {
        if (!errors.isEmpty()) {
            throw errors.remove();
        }
        aside.add(task);
    }

    private UpdateAnswer store(StoreUpdate update) {
        if (!errors.isEmpty()) {
            throw errors.remove();
        }
        stored.add(update);
        return UpdateAnswer.MADE;
    }

    private boolean send() {
        return sent.send(Enrolment.register("m0", "p"), answers::add);
    }

    private void runAll() {
        while (!aside.isEmpty()) {
            aside.remove().run();
        }
        while (!later.isEmpty()) {
            later.remove().run();
        }
    }

    @Test
    void an_equal_update_is_sent_when_the_one_before_was_answered() {
        assertThat(send()).isTrue();
        assertThat(send()).isFalse();
        runAll();
        assertThat(send()).isTrue();
        runAll();

        assertThat(stored).hasSize(2);
        assertThat(answers).containsExactly(UpdateAnswer.MADE, UpdateAnswer.MADE);
        assertThat(reads).isEqualTo(2);
    }

    /** No thread can be made for a moment. */
    @Test
    void an_update_that_could_not_be_sent_is_sent_the_next_time_and_its_sender_is_told() {
        errors.add(new OutOfMemoryError("unable to create native thread"));
        assertThat(send()).isFalse();
        runAll();
        assertThat(answers).containsExactly(UpdateAnswer.UNKNOWN);

        assertThat(send()).isTrue();
        runAll();

        assertThat(stored).hasSize(1);
        assertThat(answers).containsExactly(UpdateAnswer.UNKNOWN, UpdateAnswer.MADE);
    }

    @Test
    void an_update_whose_sending_breaks_is_sent_the_next_time() {
        send();
        errors.add(new OutOfMemoryError("a test"));
        runAll();
        runAll();
        assertThat(answers).containsExactly(UpdateAnswer.UNKNOWN);

        assertThat(send()).isTrue();
    }
}
