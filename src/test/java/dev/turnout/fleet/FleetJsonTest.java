package dev.turnout.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.fleet.decision.ChangeKind;
import dev.turnout.fleet.decision.FleetKey;
import dev.turnout.fleet.decision.FleetValue;
import dev.turnout.fleet.decision.FleetValue.Applied;
import dev.turnout.fleet.decision.FleetValue.Configured;
import dev.turnout.fleet.decision.FleetValue.Counts;
import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.fleet.decision.FleetValue.Done;
import dev.turnout.fleet.decision.FleetValue.FleetReceipt;
import dev.turnout.fleet.decision.FleetValue.Here;
import dev.turnout.fleet.decision.FleetValue.Intent;
import dev.turnout.fleet.decision.FleetValue.IntentStep;
import dev.turnout.fleet.decision.FleetValue.Ready;
import dev.turnout.fleet.decision.FleetValue.ReceiptState;
import dev.turnout.fleet.decision.FleetValue.Refusal;
import dev.turnout.fleet.decision.FleetValue.RefusalReason;
import dev.turnout.fleet.decision.FleetValue.Removed;
import dev.turnout.fleet.decision.FleetValue.Roster;
import dev.turnout.fleet.decision.FleetValue.Started;
import dev.turnout.fleet.decision.FleetValue.Vote;
import dev.turnout.fleet.decision.FleetValue.Watching;
import dev.turnout.routing.Pool;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The values of a fleet's keys")
final class FleetJsonTest {

    private static final Service SHOP = Service.initial(
            "shop",
            Pool.of(List.of(Target.parse("127.0.0.1:8081"))),
            Pool.of(List.of(Target.parse("127.0.0.1:8082"))),
            Instant.parse("2026-11-27T12:00:00Z"));

    static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of(FleetKey.state("shop"), new Decision(SHOP, "c1")),
                Arguments.of(
                        FleetKey.change("shop"),
                        new Intent("c1", 1, ChangeKind.SWITCH, true, IntentStep.GATE, "m0", "p", 1, SHOP)),
                Arguments.of(
                        FleetKey.ROSTER,
                        new Roster(new TreeMap<>()).with("m0", "http://a").with("m1", "")),
                Arguments.of(FleetKey.configured("m0"), new Configured(new TreeSet<>(List.of("api", "shop")), "p")),
                Arguments.of(FleetKey.removed("shop"), new Removed(7)),
                Arguments.of(FleetKey.here("m0", "p"), new Here("p")),
                Arguments.of(FleetKey.started("m0"), new Started("p")),
                Arguments.of(FleetKey.ready("c1", "m0"), new Ready("shop", "no answer")),
                Arguments.of(FleetKey.armed("c1", "m0"), new Vote("shop", 7)),
                Arguments.of(FleetKey.refused("c1", "m0"), new Refusal("shop", RefusalReason.WITHDRAWN)),
                Arguments.of(FleetKey.applied("shop", "m0"), new Applied(3, "p")),
                Arguments.of(FleetKey.done("c1", "m0"), new Done("shop", 3, "{}")),
                Arguments.of(FleetKey.watch("shop"), new Watching(3, "p")),
                Arguments.of(FleetKey.counts("shop", "m0"), new Counts(3, "{}")),
                Arguments.of(
                        FleetKey.receipt("shop", 3),
                        new FleetReceipt(
                                "c1",
                                ReceiptState.NOT_DRAINED,
                                new TreeSet<>(List.of("m1")),
                                new TreeMap<>(Map.of("m0", "{}")))));
    }

    @ParameterizedTest
    @MethodSource("values")
    @DisplayName("A value comes back as it was written, with the id of its fleet")
    void round_trip(FleetKey key, FleetValue value) {
        String text = FleetJson.write(value, "f1");

        assertThat(FleetJson.read(key, FleetJson.object(text))).isEqualTo(value);
        assertThat(FleetJson.fleet(FleetJson.object(text))).isEqualTo("f1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "7", "{", "{}", "{\"format\":2}", "{\"format\":\"1\"}"})
    @DisplayName("What is no object of a known format is not read")
    void not_a_value(String text) {
        assertThatThrownBy(() -> FleetJson.object(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @MethodSource("values")
    @DisplayName("A value without its members is not read as one with defaults")
    void members_are_required(FleetKey key) {
        assertThatThrownBy(() -> FleetJson.read(key, FleetJson.object("{\"format\":1,\"fleet\":\"f1\"}")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("A key that no fleet has is not read")
    void unknown_key() {
        assertThatThrownBy(() ->
                        FleetJson.read(new FleetKey("other/x"), FleetJson.object("{\"format\":1,\"fleet\":\"f1\"}")))
                .hasMessageContaining("no fleet has such a key");
    }

    @Test
    @DisplayName("A roster with more members than a commit can compare is not read")
    void a_roster_is_bounded() {
        TreeMap<String, String> many = new TreeMap<>();
        IntStream.rangeClosed(0, FleetJson.MOST_MEMBERS).forEach(i -> many.put("m" + i, ""));
        String text = FleetJson.write(new Roster(many), "f1");

        assertThatThrownBy(() -> FleetJson.read(FleetKey.ROSTER, FleetJson.object(text)))
                .hasMessageContaining("more than " + FleetJson.MOST_MEMBERS);
    }
}
