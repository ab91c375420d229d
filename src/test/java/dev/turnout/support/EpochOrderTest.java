package dev.turnout.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.EpochOrder.Note;
import dev.turnout.support.EpochOrder.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The check of a fleet's answers")
final class EpochOrderTest {

    private static Note note(long sent, long arrived, String member, long epoch) {
        return new Note(sent, arrived, member, epoch);
    }

    @Test
    @DisplayName(
            "finds a request that was sent after a newer answer had come, and was answered under an older decision")
    void late() {
        Note newer = note(10, 20, "m0", 2);
        Note late = note(21, 30, "m1", 1);

        assertThat(EpochOrder.violations(List.of(late, newer))).containsExactly(new Violation(late, newer));
    }

    @Test
    @DisplayName("lets a request pass that was on its way when the newer answer came")
    void onItsWay() {
        assertThat(EpochOrder.violations(List.of(note(10, 20, "m0", 2), note(20, 90, "m1", 1), note(5, 80, "m1", 1))))
                .isEmpty();
    }

    @Test
    @DisplayName("lets answers of one member after the other pass as long as none is older")
    void rising() {
        List<Note> notes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            notes.add(note(10 * i, 10 * i + 5, "m" + i % 3, i / 10));
        }

        assertThat(EpochOrder.violations(notes)).isEmpty();
    }

    @Test
    @DisplayName("names the newest answer that had come, not the last one")
    void newest() {
        Note newest = note(0, 10, "m0", 3);
        Note last = note(1, 11, "m1", 2);
        Note late = note(12, 13, "m2", 1);

        assertThat(EpochOrder.violations(List.of(last, newest, late))).containsExactly(new Violation(late, newest));
    }

    @Test
    @DisplayName("finds what a comparison of all pairs finds")
    void likeAllPairs() {
        Random random = new Random(19);
        for (int round = 0; round < 200; round++) {
            List<Note> notes = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                long sent = random.nextInt(100);
                notes.add(note(sent, sent + 1 + random.nextInt(20), "m" + i % 3, random.nextInt(4)));
            }

            long late = notes.stream()
                    .filter(one -> notes.stream()
                            .anyMatch(other -> other.arrivedNanos() < one.sentNanos() && other.epoch() > one.epoch()))
                    .count();
            assertThat(EpochOrder.violations(notes)).hasSize((int) late);
        }
    }
}
