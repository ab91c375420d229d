package dev.turnout.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.fleet.FleetStatus;
import dev.turnout.fleet.FleetStatus.Decided;
import dev.turnout.fleet.FleetStatus.Place;
import dev.turnout.fleet.FleetStatus.Problem;
import dev.turnout.support.TestClock;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Those who watch the events hear of a fleet")
final class FleetEventsTest {

    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

    private final FleetEvents events = new FleetEvents(new TestClock(NOW));

    /**
     * A fleet in epoch 7.
     *
     * @param members such as {@code a b-6 c!}: b serves epoch 6, c is missing
     * @param trouble its kind, or -
     */
    private static FleetStatus fleet(String members, String trouble) {
        List<Place> places = new ArrayList<>();
        for (String word : members.split(" ")) {
            String name = word.substring(0, 1);
            long epoch = word.contains("-") ? Long.parseLong(word.substring(2)) : 7;
            places.add(new Place(name, "http://" + name, !word.endsWith("!"), new TreeMap<>(Map.of("shop", epoch))));
        }
        return new FleetStatus(
                "main",
                "a",
                "p1",
                Optional.of("f1"),
                trouble.equals("-") ? Optional.empty() : Optional.of(new Problem(trouble, "why", "이유")),
                Optional.of(NOW),
                41,
                places,
                List.of(new Decided("shop", "green", 7, 7, Optional.empty(), List.of(), Optional.of("a"))),
                new TreeMap<>());
    }

    private List<String> look(String members, String trouble) {
        return events.look(fleet(members, trouble)).stream()
                .map(event -> event.getString("verdict")
                        + (event.containsKey("member") ? " " + event.getString("member") : ""))
                .toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            a b | -            | a b!  | -           | member-missing b
            a b! | -           | a b   | -           | member-back b
            a    | -           | a b   | -           | member-joined b
            a b  | -           | a     | -           | member-left b
            a b! | -           | a     | -           | member-left b
            a b  | -           | a b   | unreachable | trouble
            a b  | unreachable | a b   | -           | trouble-over
            a b  | unreachable | a b   | disbelieved | trouble
            a b  | in-doubt    | a b!  | -           | trouble-over, member-missing b
            a b  | -           | a b   | -           | ""
            a b  | -           | a b-6 | -           | ""
            """)
    @DisplayName("what has changed from one look to the next")
    void changes(String before, String troubleBefore, String now, String trouble, String heard) {
        assertThat(look(before, troubleBefore)).isEmpty();

        assertThat(String.join(", ", look(now, trouble))).isEqualTo(heard == null ? "" : heard);
    }

    @Test
    @DisplayName("a member that is behind at two looks, and that it is in step again")
    void behind() {
        assertThat(look("a b", "-")).isEmpty();
        assertThat(look("a b-6", "-")).isEmpty();
        assertThat(look("a b-6", "-")).containsExactly("member-behind b");
        assertThat(look("a b-6", "-")).isEmpty();
        assertThat(look("a b", "-")).containsExactly("member-in-step b");
    }

    @Test
    @DisplayName("with the whole fleet in each event, so a reader needs no call")
    void whole() {
        JsonObject seen = events.seen(fleet("a b! c-6", "unreachable"));

        assertThat(seen.getString("at")).isEqualTo("2026-03-01T00:00:00Z");
        assertThat(seen.getString("verdict")).isEqualTo("seen");
        JsonObject fleet = seen.getJsonObject("fleet");
        assertThat(fleet.getString("troubleKind")).isEqualTo("unreachable");
        assertThat(fleet.getString("trouble")).isEqualTo("why");
        assertThat(fleet.getJsonArray("missing")).containsExactly("b");
        assertThat(fleet.getJsonArray("behind")).containsExactly("c");
        assertThat(fleet.getLong("revision")).isEqualTo(41);
        assertThat(fleet.getJsonArray("services").getJsonObject(0).getString("elected"))
                .isEqualTo("a");
    }

    @Test
    @DisplayName("nothing while nothing changes")
    void nothingNew() {
        FleetStatus first = fleet("a b", "-");
        assertThat(events.isNew(first)).isTrue();
        events.look(first);

        assertThat(events.isNew(fleet("a b", "-"))).isFalse();
        assertThat(events.isNew(fleet("a b-6", "-"))).isTrue();
    }
}
