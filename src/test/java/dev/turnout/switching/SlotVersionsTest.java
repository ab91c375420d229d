package dev.turnout.switching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.health.Health;
import dev.turnout.routing.Slot;
import dev.turnout.routing.SlotRelease;
import dev.turnout.routing.Warning;
import dev.turnout.support.Await;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which version a slot has after changes with and without a version. */
final class SlotVersionsTest {

    @TempDir
    Path folder;

    private static ChangeNote version(String version) {
        return new ChangeNote(
                "a test",
                Optional.of("minji"),
                Optional.of(version),
                Optional.of("note of " + version),
                Optional.empty(),
                new TreeSet<>());
    }

    private static ChangeNote nameless() {
        return ChangeNote.of("a test");
    }

    private static Optional<String> version(SwitchingFixture fixture, Slot slot) {
        return fixture.service().releases().version(slot);
    }

    private static void go(SwitchingFixture fixture, ChangeNote note) {
        fixture.make(SwitchingFixture.noted(new Destination.OtherSlot(), note));
    }

    @Test
    void a_version_is_remembered_for_its_slot_and_survives_on_disk() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            go(fixture, version("1.4.2"));

            SlotRelease release =
                    fixture.savedService().releases().of(Slot.GREEN).orElseThrow();
            assertThat(release.version()).contains("1.4.2");
            assertThat(release.by()).isEqualTo("minji");
            assertThat(release.note()).contains("note of 1.4.2");
            assertThat(fixture.savedService().releases().of(Slot.BLUE)).isEmpty();
        }
    }

    @Test
    void who_made_a_nameless_build_serve_is_remembered() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            go(fixture, nameless());

            SlotRelease release = fixture.service().releases().of(Slot.GREEN).orElseThrow();
            assertThat(release.version()).isEmpty();
            assertThat(release.by()).isEqualTo("a test");
        }
    }

    @Test
    void a_way_back_to_a_slot_that_has_been_up_all_the_time_keeps_its_version() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            go(fixture, version("1.4.2"));
            go(fixture, version("1.4.3"));
            go(fixture, nameless());

            assertThat(version(fixture, Slot.GREEN)).contains("1.4.2");
            assertThat(version(fixture, Slot.BLUE)).contains("1.4.3");
        }
    }

    @Test
    void a_nameless_build_in_a_slot_that_was_down_does_not_inherit_the_version() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            go(fixture, version("1.4.2"));
            go(fixture, nameless());
            fixture.monitor.watch(fixture.switching.current()::get);
            fixture.green.kill();
            Await.until("green is down", () -> health(fixture) == Health.DOWN);
            fixture.green.revive();

            go(fixture, nameless());

            assertThat(version(fixture, Slot.GREEN)).isEmpty();
        }
    }

    private static Health health(SwitchingFixture fixture) {
        return fixture.monitor
                .of("default", SwitchingFixture.target(fixture.green))
                .health();
    }

    @Test
    void a_rollback_and_a_promotion_are_about_the_build_that_is_known() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            go(fixture, version("1.4.1"));
            fixture.make(new AdjustmentOrder(
                    "default",
                    Adjustment.CanaryWeight.of(10),
                    SwitchOrder.Until.DRAINED,
                    false,
                    false,
                    ExpectedRevision.none(),
                    version("1.5.0")));
            assertThat(version(fixture, Slot.BLUE)).contains("1.5.0");

            fixture.make(SwitchingFixture.noted(new Destination.CanarySlot(), nameless()));
            assertThat(version(fixture, Slot.BLUE)).contains("1.5.0");

            fixture.make(SwitchingFixture.noted(new Destination.SlotBefore(), nameless()));
            assertThat(fixture.active()).isEqualTo(Slot.GREEN);
            assertThat(version(fixture, Slot.GREEN)).contains("1.4.1");
        }
    }

    @Test
    void the_same_version_in_both_slots_is_a_warning_in_receipt_and_status() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            go(fixture, version("1.4.2"));

            Receipt receipt = fixture.make(SwitchingFixture.noted(new Destination.OtherSlot(), version("1.4.2")));

            assertThat(receipt.warnings()).anySatisfy(warning -> assertThat(warning)
                    .contains("same build")
                    .contains("slot green")
                    .contains("1.4.2"));
            assertThat(Warning.english(fixture.switching.warnings().of(fixture.service())))
                    .anySatisfy(warning -> assertThat(warning).contains("same build"));
        }
    }
}
