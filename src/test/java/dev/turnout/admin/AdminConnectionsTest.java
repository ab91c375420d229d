package dev.turnout.admin;

import static dev.turnout.admin.AdminConnections.Standing.LEAVING;
import static dev.turnout.admin.AdminConnections.Standing.RESTING;
import static dev.turnout.admin.AdminConnections.Standing.UNKNOWN;
import static dev.turnout.admin.AdminConnections.Standing.WORKING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.admin.AdminConnections.Standing;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which connection of the admin server gives way to a new one. */
final class AdminConnectionsTest {

    private record Place(int number, Standing standing) {}

    static Stream<Arguments> all() {
        return Stream.of(
                row(null),
                row(null, WORKING),
                row(null, WORKING, WORKING),
                row(0, LEAVING),
                row(0, UNKNOWN),
                row(0, RESTING),
                row(1, WORKING, RESTING, RESTING),
                row(2, WORKING, RESTING, UNKNOWN, UNKNOWN),
                row(3, WORKING, RESTING, UNKNOWN, LEAVING),
                row(0, LEAVING, LEAVING),
                row(0, UNKNOWN, UNKNOWN),
                row(0, RESTING, RESTING, WORKING));
    }

    private static Arguments row(Integer out, Standing... standings) {
        return Arguments.of(List.of(standings), Optional.ofNullable(out));
    }

    @ParameterizedTest
    @MethodSource("all")
    void the_longest_unused_of_the_least_standing_gives_way_but_none_at_work(
            List<Standing> standings, Optional<Integer> out) {
        List<Place> places = Stream.iterate(0, i -> i < standings.size(), i -> i + 1)
                .map(i -> new Place(i, standings.get(i)))
                .toList();

        assertThat(AdminConnections.givesWay(places, Place::standing).map(Place::number))
                .isEqualTo(out);
    }
}
