package dev.turnout.switching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.routing.Command;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Warning;
import dev.turnout.support.Await;
import dev.turnout.switching.Adjustment.TargetList;
import dev.turnout.switching.SwitchOrder.Until;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The warning of an active slot that is down")
final class SlotHealthTest {

    @TempDir
    Path folder;

    private static List<Warning> warnings(SwitchingFixture fixture) {
        return fixture.switching.warnings().of(fixture.service());
    }

    private static void awaitWarning(SwitchingFixture fixture, String code, String words) {
        Await.until(code, () -> warnings(fixture).stream()
                .anyMatch(warning ->
                        warning.code().equals(code) && warning.english().contains(words)));
    }

    @Test
    @DisplayName("advises a switch to the other slot if it answers, and not if it has no targets")
    void names_what_answers() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.monitor.watch(fixture.switching.current()::get);
            fixture.blue.close();
            awaitWarning(fixture, "active-slot-down", "slot green answers");

            fixture.switching
                    .adjuster()
                    .begin(new AdjustmentOrder(
                            "default",
                            new TargetList(new Command.SetTargets(Slot.GREEN, List.of(), false)),
                            Until.DRAINED,
                            false,
                            false,
                            ExpectedRevision.none(),
                            ChangeNote.of("a test")))
                    .toCompletableFuture()
                    .join();

            awaitWarning(fixture, "both-slots-down", "slot green has no targets");
            assertThat(warnings(fixture)).noneMatch(warning -> warning.code().equals("active-slot-down"));
        }
    }
}
