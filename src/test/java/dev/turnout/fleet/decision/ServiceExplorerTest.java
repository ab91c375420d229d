package dev.turnout.fleet.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.fleet.decision.FleetExplorer.Found;
import dev.turnout.support.Rounds;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code -Pthorough} explores further. Prints the states and the time of each world. */
@DisplayName("A service that comes into a fleet and goes, in every order of events,")
@Timeout(3_600)
final class ServiceExplorerTest {

    private static Found explore(
            ServiceMutation missing, boolean had, int adds, int removes, int switches, int crashes, int most) {
        return new ServiceExplorer(missing, had, adds, removes, switches, crashes)
                .explore(most)
                .printed("a service (had: " + had + "), " + adds + " adds, " + removes + " removes, " + switches
                        + " switches, " + crashes + " crashes, without " + missing);
    }

    @ParameterizedTest
    @CsvSource({
        "false, 2, 2, 0, 0, 100000",
        "false, 3, 2, 0, 0, 100000",
        "false, 2, 1, 0, 1, 100000",
        "true, 1, 1, 1, 0, 100000",
        "true, 1, 2, 1, 1, 100000"
    })
    @DisplayName("has one decision of each epoch, is never mixed, is not removed while a member has it, and settles")
    void holds(boolean had, int adds, int removes, int switches, int crashes, int most) {
        Found found =
                explore(ServiceMutation.NOTHING, had, adds, removes, switches, crashes, Rounds.of(most, 3_000_000));

        assertThat(found.violation()).as(String.join(" | ", found.trace())).isNull();
        assertThat(found.stuck())
                .as("can't settle: " + String.join(" | ", found.trace()))
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "CREATE_IF_ABSENT, false, 2, 0, 0, S1",
        "CREATE_COMPARES_REMOVED, false, 2, 1, 0, S1",
        "CREATE_ABOVE, false, 2, 1, 0, S1",
        "REMOVE_COMPARES_MEMBERS, false, 2, 1, 0, S3",
        "REMOVE_KEEPS_EPOCH, false, 2, 1, 0, S1",
        "SAY_BEFORE_SERVING, false, 2, 1, 0, S3",
        "OWN_MARK, false, 2, 1, 0, S3",
        "SERVE_BEFORE_SAYING, false, 1, 1, 0, S3"
    })
    @DisplayName("breaks without each of its protections")
    void needsEachProtection(ServiceMutation missing, boolean had, int adds, int removes, int switches, String broken) {
        assertThat(explore(missing, had, adds, removes, switches, 0, 600_000).violation())
                .startsWith(broken);
    }
}
