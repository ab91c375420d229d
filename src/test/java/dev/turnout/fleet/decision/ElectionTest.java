package dev.turnout.fleet.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.fleet.decision.FleetValue.Here;
import dev.turnout.fleet.decision.FleetValue.Roster;
import dev.turnout.fleet.decision.StoreContents.Entry;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("What one member does for all is done by")
final class ElectionTest {

    @ParameterizedTest(name = "members {0}, processes {1}: {2}")
    @CsvSource(nullValues = "-", textBlock = """
            m0 m1 m2 | m0/a m1/a m2/a | m0
            m0 m1 m2 | m1/a m2/a      | m1
            m0 m1 m2 | m2/a           | m2
            m1 m2    | m0/a m1/a m2/a | m1
            m0 m1    | m0/a m0/b m1/a | m0
            m0 m1    | m0/b m1/a      | m0
            m1 m10   | m10/a          | m10
            m0 m1    | -              | -
            -        | m0/a           | -
            """, delimiter = '|')
    @DisplayName("the lowest of the roster that is here")
    void elected(String members, String processes, String elected) {
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

        assertThat(new StoreContents("first", entries).elected().orElse(null)).isEqualTo(elected);
    }

    private static String[] words(String line) {
        return line == null ? new String[0] : line.split(" ");
    }
}
