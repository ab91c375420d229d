package dev.turnout.switching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.config.DaemonThread;
import dev.turnout.routing.NameAnswer;
import dev.turnout.routing.Target;
import dev.turnout.support.Await;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The names of targets that are followed")
final class FollowedNamesTest {

    private static final Target APP = Target.parse("dns:app.internal:8080");

    /** No thread can be made for a moment. */
    @Test
    void a_name_whose_look_up_can_not_begin_is_asked_for_again() {
        Queue<Error> errors = new ArrayDeque<>(List.of(new OutOfMemoryError("unable to create native thread")));
        FollowedNames names = new FollowedNames(name -> new NameAnswer.Failed("a test"), task -> {
            if (!errors.isEmpty()) {
                throw errors.remove();
            }
            return DaemonThread.of("test-look-up", task);
        });
        try {
            long now = System.nanoTime();
            assertThatThrownBy(() -> names.follow(Set.of(APP), now)).isInstanceOf(OutOfMemoryError.class);

            names.follow(Set.of(APP), System.nanoTime());

            Await.until(
                    "the name is looked up",
                    () -> names.known(APP).flatMap(FollowedName::trouble).isPresent());
            assertThat(names.known(APP).flatMap(FollowedName::trouble)).contains("a test");
        } finally {
            names.stop();
        }
    }
}
