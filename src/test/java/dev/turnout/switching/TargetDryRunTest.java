package dev.turnout.switching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.turnout.routing.Command;
import dev.turnout.routing.Command.AddTarget;
import dev.turnout.routing.Command.RemoveTarget;
import dev.turnout.routing.Command.ResetTargets;
import dev.turnout.routing.Command.SetTargets;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.switching.Adjustment.TargetList;
import dev.turnout.switching.SwitchOrder.Until;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A dry run of a change of targets says what the change does, and does nothing")
final class TargetDryRunTest {

    private static final SwitchTimes TIMES = SwitchingFixture.times(Duration.ofSeconds(1), Duration.ofSeconds(10));
    private static final Target DOWN = Target.parse("127.0.0.1:1");

    @TempDir
    Path folder;

    private static Arguments cell(String name, Function<SwitchingFixture, Command.OfTargets> command, String... said) {
        return Arguments.of(name, command, false, List.of(said));
    }

    private static Arguments forced(
            String name, Function<SwitchingFixture, Command.OfTargets> command, String... said) {
        return Arguments.of(name, command, true, List.of(said));
    }

    private static Target second(SwitchingFixture fixture) {
        return SwitchingFixture.target(fixture.second);
    }

    private static Target blue(SwitchingFixture fixture) {
        return SwitchingFixture.target(fixture.blue);
    }

    private static AddTarget added(Slot slot, Target target) {
        return new AddTarget(slot, target, Optional.empty());
    }

    static Stream<Arguments> legal() {
        return Stream.of(
                cell(
                        "one more in the active slot",
                        fixture -> added(Slot.BLUE, second(fixture)),
                        "Requests would go to SECOND, which passed the gate just now."),
                forced(
                        "one more by force",
                        fixture -> added(Slot.BLUE, DOWN),
                        "Requests would go to 127.0.0.1:1, without asking the gate, as it is forced."),
                cell(
                        "another list",
                        fixture -> new SetTargets(Slot.BLUE, List.of(second(fixture)), false),
                        "Requests would go to SECOND, which passed the gate just now.",
                        "No new requests would go to BLUE, drained then."),
                cell(
                        "the idle slot",
                        fixture -> new SetTargets(Slot.GREEN, List.of(DOWN), false),
                        "No new requests would go to GREEN, drained then."),
                forced(
                        "the last one away",
                        fixture -> new RemoveTarget(Slot.BLUE, blue(fixture), true),
                        "No new requests would go to BLUE, drained then."));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("legal")
    void it_says_what_the_change_then_does(
            String name, Function<SwitchingFixture, Command.OfTargets> command, boolean force, List<String> said) {
        try (SwitchingFixture fixture = new SwitchingFixture(folder, TIMES, false)) {
            RoutingState before = fixture.switching.current().get();
            Command.OfTargets asked = command.apply(fixture);

            AdjustmentReport report = fixture.make(order(asked, force, true));

            assertThat(report.changed()).isFalse();
            assertThat(report.json(GateDetail.LATEST).getBoolean("dryRun")).isTrue();
            assertThat(report.warnings().get(0)).isEqualTo("Dry run: nothing has changed.");
            assertThat(report.warnings().stream().skip(1).map(text -> named(text, fixture)))
                    .containsExactlyElementsOf(said);
            untouched(fixture, before);
            AdjustmentReport done = fixture.make(order(asked, force, false));
            assertThat(done.changed()).isTrue();
            assertThat(done.json(GateDetail.LATEST).getBoolean("dryRun")).isFalse();
            assertThat(report.json(GateDetail.LATEST).getJsonArray("targets"))
                    .isEqualTo(done.json(GateDetail.LATEST).getJsonArray("targets"));
            assertThat(report.json(GateDetail.LATEST).getJsonArray("configured"))
                    .isEqualTo(done.json(GateDetail.LATEST).getJsonArray("configured"));
        }
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                cell("one that is down", fixture -> added(Slot.BLUE, DOWN), "UNHEALTHY"),
                cell("the last one away", fixture -> new RemoveTarget(Slot.BLUE, blue(fixture), false), "LAST_TARGET"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void it_is_refused_as_the_change_is(
            String name, Function<SwitchingFixture, Command.OfTargets> command, boolean force, List<String> reason) {
        try (SwitchingFixture fixture = new SwitchingFixture(folder, TIMES, false)) {
            RoutingState before = fixture.switching.current().get();
            Command.OfTargets asked = command.apply(fixture);

            for (boolean dryRun : new boolean[] {true, false}) {
                ChangeRefused refused =
                        catchThrowableOfType(ChangeRefused.class, () -> fixture.make(order(asked, force, dryRun)));

                assertThat(refused.reason().name()).isEqualTo(reason.get(0));
            }
            untouched(fixture, before);
        }
    }

    @Test
    void what_is_so_already_is_not_even_put_right() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder, TIMES, false)) {
            fixture.plane.drift = Optional.of("somebody wrote the file");
            RoutingState before = fixture.switching.current().get();

            AdjustmentReport report = fixture.make(order(new ResetTargets(Slot.BLUE), true, true));

            assertThat(report.changed()).isFalse();
            assertThat(report.warnings()).containsExactly("Nothing was done: it was so already.");
            assertThat(report.json(GateDetail.LATEST).getBoolean("dryRun")).isTrue();
            untouched(fixture, before);
        }
    }

    private static void untouched(SwitchingFixture fixture, RoutingState before) {
        assertThat(fixture.switching.current().get()).isEqualTo(before);
        assertThat(fixture.savedService()).isEqualTo(fixture.service());
        assertThat(fixture.plane.published).isEmpty();
        assertThat(fixture.verdicts()).doesNotContain("changed", "drained");
    }

    private static String named(String text, SwitchingFixture fixture) {
        return text.replace(fixture.second.address(), "SECOND")
                .replace(fixture.blue.address(), "BLUE")
                .replace(fixture.green.address(), "GREEN");
    }

    private static AdjustmentOrder order(Command.OfTargets command, boolean force, boolean dryRun) {
        return new AdjustmentOrder(
                Service.DEFAULT,
                new TargetList(command),
                Until.DRAINED,
                force,
                dryRun,
                ExpectedRevision.none(),
                ChangeNote.of("a test"));
    }
}
