package dev.turnout.fleet.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.fleet.decision.FleetExplorer.Found;
import dev.turnout.fleet.decision.ServiceExplorer.World;
import dev.turnout.support.Rounds;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code -Pthorough} explores further. Prints the states and the time of each world. */
@DisplayName("A service that comes into a fleet and goes, in every order of events,")
@Timeout(3_600)
final class ServiceExplorerTest {

    private static Found explore(ServiceMutation missing, World world, int most) {
        return new ServiceExplorer(missing, world).explore(most).printed(world + " without " + missing);
    }

    /**
     * Columns: whether both have the service at first, how often it may be added, removed, switched and a process be killed;
     * whether the second Turnout enters the fleet, how often one may leave it; how many states are visited.
     */
    @ParameterizedTest
    @CsvSource({
        "false, 2, 2, 0, 0, false, 0, 200000",
        "false, 3, 2, 0, 0, false, 0, 200000",
        "false, 2, 1, 0, 1, false, 0, 200000",
        "true, 1, 1, 1, 0, false, 0, 200000",
        "true, 1, 2, 1, 1, false, 0, 100000",
        "true, 0, 2, 1, 0, true, 0, 200000",
        "false, 2, 1, 0, 0, true, 0, 200000",
        "true, 0, 1, 0, 1, true, 0, 200000",
        "true, 0, 1, 0, 0, true, 2, 200000",
        "true, 0, 1, 1, 0, false, 1, 400000",
        "true, 1, 2, 0, 0, false, 2, 400000"
    })
    @DisplayName("has one decision of each epoch, is never mixed, is not removed while a member has it, and settles")
    void holds(boolean had, int adds, int removes, int switches, int crashes, boolean joins, int leaves, int most) {
        World world = new World(had, adds, removes, switches, crashes, joins, leaves);
        Found found = explore(ServiceMutation.NOTHING, world, Rounds.of(most, 3_000_000));

        assertThat(found.violation()).as(String.join(" | ", found.trace())).isNull();
        assertThat(found.stuck())
                .as("can't settle: " + String.join(" | ", found.trace()))
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "CREATE_IF_ABSENT, false, 2, 0, 0, 0, false, S1",
        "CREATE_COMPARES_REMOVED, false, 2, 1, 0, 0, false, S1",
        "CREATE_ABOVE, false, 2, 1, 0, 0, false, S1",
        "REMOVE_COMPARES_MEMBERS, false, 2, 1, 0, 0, false, S3",
        "REMOVE_KEEPS_EPOCH, false, 2, 1, 0, 0, false, S1",
        "SAY_BEFORE_SERVING, false, 2, 1, 0, 0, false, S3",
        "OWN_MARK, false, 2, 1, 0, 0, false, S3",
        "SERVE_BEFORE_SAYING, false, 1, 1, 0, 0, false, S3",
        "LEAVE_SETTLED, true, 1, 1, 1, 0, false, S2",
        "ENTRY_FENCED, true, 0, 0, 0, 0, true, S4",
        "LEAVE_FENCES, true, 0, 0, 0, 1, true, S4",
        "ENROL_COMPARES_STATES, true, 0, 0, 1, 0, true, S2",
        "REMOVE_COMPARES_ROSTER, true, 0, 1, 0, 0, true, S3"
    })
    @DisplayName("breaks without each of its protections")
    void needsEachProtection(
            ServiceMutation missing,
            boolean had,
            int adds,
            int removes,
            int switches,
            int crashes,
            boolean joins,
            String broken) {
        World world = new World(had, adds, removes, switches, crashes, joins, 0);
        assertThat(explore(missing, world, 600_000).violation()).startsWith(broken);
    }
}
