package dev.turnout.fleet.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.fleet.decision.FleetExplorer.Found;
import dev.turnout.support.Rounds;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code -Pthorough} explores to the end, and prints the states. */
@DisplayName("Two services that change in one step, in every order of events,")
@Timeout(3_600)
final class JointExplorerTest {

    private static Found explore(JointMutation missing, int crashes, int most) {
        return new JointExplorer(missing, crashes)
                .explore(most)
                .printed("two services, " + crashes + " crashes, without " + missing);
    }

    @ParameterizedTest
    @CsvSource({"0, 60000", "1, 20000"})
    @DisplayName("are decided both or not at all, are never mixed, and settle")
    void holds(int crashes, int most) {
        Found found = explore(JointMutation.NOTHING, crashes, Rounds.of(most, 3_000_000));

        assertThat(found.violation()).as(String.join(" | ", found.trace())).isNull();
        assertThat(found.stuck())
                .as("can't settle: " + String.join(" | ", found.trace()))
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({"ONE_UPDATE, J1", "ALL_VOTES, J2"})
    @DisplayName("are mixed, or decided apart, without each protection")
    void needsEachProtection(JointMutation missing, String broken) {
        assertThat(explore(missing, 0, 300_000).violation()).startsWith(broken);
    }
}
