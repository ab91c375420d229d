package dev.turnout.switching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commit does with a decision of a fleet: requests may be waiting for it. */
final class FollowedDecisionTest {

    @TempDir
    Path folder;

    @Test
    @DisplayName("A decision is in force before the state file has it, and the file has it in the end")
    void publishesFirst() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            Commit commit = fixture.switching.commit();
            commit.serve(fixture.switching.current().get());
            Service decided = fixture.service().atRevision(7);

            commit.follow(decided);
            assertThat(fixture.plane.published).containsExactly(RoutingState.of(List.of(decided)));
            assertThat(fixture.service()).isEqualTo(decided);
            assertThat(fixture.savedService().revision()).isEqualTo(1);

            commit.saveDecided();
            assertThat(fixture.savedService()).isEqualTo(decided);
            assertThat(commit.damage()).isEmpty();
        }
    }

    @Test
    @DisplayName("A decision after the folder was given away is no damage, and is saved if it is taken back")
    void isSavedByTheSuccessor() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            Commit commit = fixture.switching.commit();
            fixture.store.release();
            commit.follow(fixture.service().atRevision(7));

            commit.saveDecided();
            assertThat(commit.damage()).isEmpty();
            assertThat(fixture.savedService().revision()).isEqualTo(1);

            fixture.store.reclaim();
            commit.record();
            assertThat(fixture.savedService().revision()).isEqualTo(7);
        }
    }

    @Test
    @DisplayName("A decision that could not be saved is a damage until the state is recorded")
    void isMended() throws IOException {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            Commit commit = fixture.switching.commit();
            Path inTheWay = folder.resolve("state.json.new");
            Files.createDirectories(inTheWay.resolve("full"));
            commit.follow(fixture.service().atRevision(7));

            commit.saveDecided();
            assertThat(commit.damage())
                    .hasValueSatisfying(damage -> assertThat(damage).contains("Make room or mend the disk"));

            Files.delete(inTheWay.resolve("full"));
            Files.delete(inTheWay);
            commit.record();
            assertThat(commit.damage()).isEmpty();
            assertThat(fixture.savedService().revision()).isEqualTo(7);
        }
    }
}
