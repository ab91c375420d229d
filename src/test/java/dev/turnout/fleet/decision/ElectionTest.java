package dev.turnout.fleet.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.fleet.decision.FleetValue.Configured;
import dev.turnout.fleet.decision.FleetValue.Here;
import dev.turnout.fleet.decision.FleetValue.Roster;
import dev.turnout.fleet.decision.StoreContents.Entry;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("What one member does for all is done by")
final class ElectionTest {

    /** Columns: the roster, the processes that are here, the members that have said what they have, those that have the shop. */
    @ParameterizedTest(name = "members {0}, processes {1}, {3} of {2} have the service: {4}")
    @CsvSource(nullValues = "-", textBlock = """
            m0 m1 m2 | m0/a m1/a m2/a | m0 m1 m2 | m0 m1 m2 | m0
            m0 m1 m2 | m1/a m2/a      | m0 m1 m2 | m0 m1 m2 | m1
            m0 m1 m2 | m2/a           | m0 m1 m2 | m0 m1 m2 | m2
            m1 m2    | m0/a m1/a m2/a | m0 m1 m2 | m0 m1 m2 | m1
            m0 m1    | m0/a m0/b m1/a | m0 m1    | m0 m1    | m0
            m0 m1    | m0/b m1/a      | m0 m1    | m0 m1    | m0
            m1 m10   | m10/a          | m1 m10   | m1 m10   | m10
            m0 m1    | -              | m0 m1    | m0 m1    | -
            -        | m0/a           | m0       | m0       | -
            m0 m1 m2 | m0/a m1/a m2/a | m0 m1 m2 | m1 m2    | m1
            m0 m1 m2 | m0/a m2/a      | m0 m1 m2 | m1 m2    | m2
            m0 m1 m2 | m0/a m1/a m2/a | m1 m2    | m1 m2    | m1
            m0 m1    | m0/a           | m0 m1    | m1       | -
            m0 m1    | m0/a m1/a      | m0 m1    | -        | -
            m0 m1    | m0/a m1/a      | -        | -        | -
            """, delimiter = '|')
    @DisplayName("the lowest of the roster that is here and has the service")
    void elected(String members, String processes, String said, String having, String elected) {
        TreeMap<FleetKey, Entry> entries = new TreeMap<>();
        Roster roster = new Roster(new TreeMap<>());
        for (String member : words(members)) {
            roster = roster.with(member, "");
        }
        entries.put(FleetKey.ROSTER, new Entry(roster, 1, 1));
        for (String process : words(processes)) {
            String[] parts = process.split("/");
            entries.put(FleetKey.here(parts[0], parts[1]), new Entry(new Here(parts[1]), 1, 1));
        }
        for (String member : words(said)) {
            boolean has = List.of(words(having)).contains(member);
            Configured services = new Configured(new TreeSet<>(has ? List.of("api", "shop") : List.of("api")), "p");
            entries.put(FleetKey.configured(member), new Entry(services, 1, 1));
        }

        assertThat(new StoreContents("first", entries).elected("shop").orElse(null))
                .isEqualTo(elected);
    }

    private static String[] words(String line) {
        return line == null ? new String[0] : line.split(" ");
    }
}
