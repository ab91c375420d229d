package dev.turnout.switching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.routing.Latencies;
import dev.turnout.switching.FleetCourse.Sides;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A watch that is judged by what all members of a fleet see")
final class FleetCourseTest {

    private static final Duration TIME = Duration.ofSeconds(60);

    private static SlotTraffic traffic(long requests, long errors, double millis) {
        long[] counts = new long[Latencies.BUCKETS];
        counts[Latencies.bucket((long) (millis * TimeUnit.MILLISECONDS.toNanos(1)))] = requests;
        return new SlotTraffic(requests, requests, errors, 0, Latencies.of(counts, 7));
    }

    /** A member that saw no error of many requests before, each in 5 ms. */
    private static Sides sees(long requests, long errors, double millis) {
        return new Sides(traffic(10_000, 0, 5), traffic(requests, errors, millis));
    }

    private static Sides sees(long requests, long errors) {
        return sees(requests, errors, 5);
    }

    static Stream<Arguments> judgements() {
        Sides good = sees(10_000, 0);
        return Stream.of(
                Arguments.of("all good", good, good, good, WatchVerdict.BETTER_OR_SAME, "seen by 3 of 3 members"),
                Arguments.of(
                        "bad at one machine only, and not enough for the sum",
                        good,
                        sees(200, 10),
                        good,
                        WatchVerdict.WORSE,
                        "10 of 200 requests failed (5.00 %), before 0 of 10000 (0.00 %) at member m1;"),
                Arguments.of(
                        "slow at one machine only, and not enough for the sum",
                        good,
                        good,
                        sees(150, 0, 500),
                        WatchVerdict.WORSE,
                        "it is slower: p99 of 150 answers"),
                Arguments.of(
                        "bad where hardly anybody has asked",
                        good,
                        sees(99, 99),
                        good,
                        WatchVerdict.BETTER_OR_SAME,
                        "99 of 20099"),
                Arguments.of(
                        "few at each machine, and together worse",
                        sees(50, 4),
                        sees(50, 4),
                        sees(50, 4),
                        WatchVerdict.WORSE,
                        "12 of 150 requests failed (8.00 %), before 0 of 30000"),
                Arguments.of(
                        "few at each machine, and together too few",
                        sees(33, 33),
                        sees(33, 33),
                        sees(33, 33),
                        WatchVerdict.INCONCLUSIVE,
                        "the new slot has had 99 requests"),
                Arguments.of(
                        "one machine of many is a little worse by chance",
                        good,
                        new Sides(traffic(10_000, 300, 5), traffic(1_000, 49, 5)),
                        good,
                        WatchVerdict.BETTER_OR_SAME,
                        "seen by 3 of 3 members"),
                Arguments.of(
                        "a machine has said nothing",
                        good,
                        good,
                        null,
                        WatchVerdict.BETTER_OR_SAME,
                        "; seen by 2 of 3 members, nothing is known of m2"));
    }

    @ParameterizedTest(name = "{0}: {4}")
    @MethodSource("judgements")
    @DisplayName("is judged by the sum, and by each member that has seen enough")
    void judges(String what, Sides m0, Sides m1, Sides m2, WatchVerdict verdict, String reason) {
        FleetCourse course = new FleetCourse(TIME);
        SortedMap<String, Sides> said = new TreeMap<>(Map.of("m0", m0, "m1", m1));
        if (m2 != null) {
            said.put("m2", m2);
        }

        course.look(TIME, said);

        Judgement judgement = course.judge(new TreeSet<>(List.of("m1", "m2")));
        assertThat(judgement.verdict()).isEqualTo(verdict);
        assertThat(judgement.reason()).contains(reason);
    }

    @Test
    @DisplayName("is said as before if there is no fleet")
    void alone() {
        FleetCourse course = new FleetCourse(TIME);
        course.look(TIME, new TreeMap<>(Map.of("", sees(200, 20))));

        assertThat(course.judge(new TreeSet<>()).reason())
                .isEqualTo("it fails more often: 20 of 200 requests failed (10.00 %), before 0 of 10000 (0.00 %)");
    }

    @Test
    @DisplayName("ends early where the version is plainly worse at one member")
    void ends_early() {
        FleetCourse course = new FleetCourse(TIME);
        course.look(Duration.ofSeconds(2), new TreeMap<>(Map.of("m0", sees(100_000, 0), "m1", sees(200, 9))));
        assertThat(course.isPlainlyWorse()).isFalse();

        course.look(Duration.ofSeconds(3), new TreeMap<>(Map.of("m0", sees(100_000, 0), "m1", sees(200, 40))));

        assertThat(course.isPlainlyWorse()).isTrue();
        assertThat(course.early().verdict()).isEqualTo(WatchVerdict.WORSE);
        assertThat(course.early().reason()).endsWith(" at member m1");
    }

    @Test
    @DisplayName("keeps what a member has said that says nothing any more, or that was started anew")
    void a_member_ends() {
        FleetCourse course = new FleetCourse(TIME);
        course.look(Duration.ofSeconds(5), new TreeMap<>(Map.of("m0", sees(500, 0), "m1", sees(300, 3))));
        course.look(Duration.ofSeconds(6), new TreeMap<>(Map.of("m0", sees(500, 0), "m1", sees(2, 0))));
        course.look(TIME, new TreeMap<>(Map.of("m0", sees(600, 0))));

        assertThat(course.all().after().requests()).isEqualTo(900);
        assertThat(course.all().after().errors()).isEqualTo(3);
        assertThat(course.silent(new TreeSet<>(List.of("m1", "m2")))).containsExactly("m2");
    }

    @Test
    @DisplayName("has each member tell what it sees in a text of a few KiB that comes back as it went")
    void comes_back() {
        SlotTraffic many = Stream.iterate(0.1, millis -> millis < 100_000, millis -> millis * 1.05)
                .map(millis -> traffic(1_000_000, 3, millis))
                .reduce(SlotTraffic.NONE, SlotTraffic::plus);
        Sides sides = new Sides(many, new SlotTraffic(-1, 0, 0, -2, Latencies.NONE));

        String text = WatchedMembers.json(sides).encode();

        assertThat(WatchedMembers.read(new JsonObject(text))).isEqualTo(sides);
        assertThat(text.length()).isLessThan(16_384);
    }

    static Stream<String> nonsense() {
        String good = SlotTrafficJson.of(traffic(3, 0, 5)).encode();
        return Stream.of(
                "{}",
                "{\"before\":1,\"after\":2}",
                both(good.replace("\"requests\":3", "\"requests\":-3")),
                both(good.replace("\"times\"", "\"other\"")),
                both(good.replaceAll("\"times\":\\{\"\\d+\"", "\"times\":{\"999\"")),
                both(good.replaceAll("\"times\":\\{\"\\d+\"", "\"times\":{\"x\"")),
                both(good.replace("\"nanos\":7", "\"nanos\":\"7\"")));
    }

    private static String both(String side) {
        return "{\"before\":" + side + ",\"after\":" + side + "}";
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    @DisplayName("does not take what can't be counts")
    void refuses(String text) {
        JsonObject told = new JsonObject(text);

        assertThatThrownBy(() -> WatchedMembers.read(told)).isInstanceOf(IllegalArgumentException.class);
    }
}
