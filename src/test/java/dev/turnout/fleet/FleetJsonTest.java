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
import dev.turnout.health.GateReport;
import dev.turnout.health.ProbeResult;
import dev.turnout.health.TargetGate;
import dev.turnout.routing.Pool;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import dev.turnout.routing.VisibleText;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
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
        String text = FleetJson.write(key, value, "f1");

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
        JsonObject members = new JsonObject();
        many.forEach(members::put);
        JsonObject json = FleetJson.marked("f1").put("members", members);

        assertThatThrownBy(() -> FleetJson.read(FleetKey.ROSTER, json))
                .hasMessageContaining("more than " + FleetJson.MOST_MEMBERS);
        assertThatThrownBy(() -> FleetJson.write(FleetKey.ROSTER, new Roster(many), "f1"))
                .hasMessageContaining("more than " + FleetJson.MOST_MEMBERS);
    }

    @Test
    @DisplayName("A report of a gate at which 256 targets failed is read back, and begins as it was")
    void a_gate_with_many_failed_targets() {
        String answer = "upstream \u0007 not ready \n".repeat(20);
        List<TargetGate> failed = IntStream.range(0, 256)
                .mapToObj(i -> {
                    Target target = Target.parse("10.0.0.1:" + (8_000 + i));
                    ProbeResult last =
                            new ProbeResult(Instant.EPOCH, false, 503, "status 503", answer, 12, target.toString());
                    return new TargetGate(
                            target, false, 0, 30, Optional.of(last), "503 30x", List.of(last), Optional.empty());
                })
                .toList();
        GateReport.Terms terms = new GateReport.Terms("/health", "200-299", 2, Duration.ofSeconds(30));
        String report = new GateReport(false, 30_000, failed, terms).explanation();
        FleetKey key = FleetKey.ready("c1", "m0");

        FleetValue read = FleetJson.read(key, FleetJson.object(FleetJson.write(key, new Ready("shop", report), "f1")));

        assertThat(report).hasSizeGreaterThan(VisibleText.LONG);
        assertThat(read).isInstanceOfSatisfying(Ready.class, ready -> assertThat(ready.problem())
                .startsWith("Not healthy after 30000 ms: 10.0.0.1:8000 ")
                .endsWith("...(" + report.length() + " characters)"));
    }

    /** Returns values whose texts have the most characters that their producers make. */
    static Stream<Arguments> longest() {
        String name = "n".repeat(64);
        String id = "init-" + UUID.randomUUID();
        String process = UUID.randomUUID().toString();
        TreeMap<String, String> members = new TreeMap<>();
        TreeMap<String, String> reports = new TreeMap<>();
        for (int i = 10; i < 10 + FleetJson.MOST_MEMBERS; i++) {
            members.put(name.substring(2) + i, "https://" + "h".repeat(253) + ":65535");
            reports.put(name.substring(2) + i, "\"".repeat(9_000));
        }
        TreeSet<String> services = new TreeSet<>();
        IntStream.range(0, FleetJson.MOST_SERVICES).forEach(i -> services.add(name + i));
        return Stream.of(
                Arguments.of(FleetKey.ROSTER, new Roster(members)),
                Arguments.of(FleetKey.configured(name), new Configured(services, process)),
                Arguments.of(FleetKey.done(id, name), new Done(name, Long.MAX_VALUE, "\u001f".repeat(9_000))),
                Arguments.of(FleetKey.counts(name, name), new Counts(Long.MAX_VALUE, "\"".repeat(64 * 1024))),
                Arguments.of(
                        FleetKey.receipt(name, Long.MAX_VALUE),
                        new FleetReceipt(id, ReceiptState.NOT_DRAINED, new TreeSet<>(members.keySet()), reports)));
    }

    @ParameterizedTest
    @MethodSource("longest")
    @DisplayName("A value with the longest texts comes back as it was written")
    void long_texts(FleetKey key, FleetValue value) {
        round_trip(key, value);
    }

    @Test
    @DisplayName("A value that no member could read is not written")
    void what_is_not_read_is_not_written() {
        Done done = new Done("shop", 3, "x".repeat(64 * 1024 + 1));

        assertThatThrownBy(() -> FleetJson.write(FleetKey.done("c1", "m0"), done, "f1"))
                .hasMessageContaining("'report' has more than");
    }
}
