package dev.turnout.switching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.routing.MaintenanceTerms;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.switching.Adjustment.CanaryWeight;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MaintainingTest {

    @TempDir
    Path folder;

    private static MaintenanceOrder on(String message) {
        return order(Optional.of(
                new MaintenanceTerms(Optional.of(message), List.of("10.0.0.0/8"), MaintenanceTerms.USUAL_RETRY)));
    }

    private static MaintenanceOrder off() {
        return order(Optional.empty());
    }

    private static MaintenanceOrder order(Optional<MaintenanceTerms> terms) {
        return new MaintenanceOrder(Service.DEFAULT, terms, ExpectedRevision.none(), ChangeNote.of("a test"));
    }

    @Test
    void a_maintenance_is_persisted_published_and_recorded_and_so_is_its_end() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            MaintenanceReport begun = fixture.make(on("back at two"));

            assertThat(begun.changed()).isTrue();
            assertThat(fixture.savedService()).isEqualTo(fixture.service());
            assertThat(fixture.service().maintenance()).isPresent();
            JsonObject json = begun.json(GateDetail.FAILURES);
            assertThat(json.getJsonObject("maintenance").getString("message")).isEqualTo("back at two");
            assertThat(json.getJsonObject("serving").getBoolean("maintenance")).isTrue();

            MaintenanceReport ended = fixture.make(off());

            assertThat(fixture.savedService().maintenance()).isEmpty();
            assertThat(ended.json(GateDetail.FAILURES).getValue("maintenance")).isNull();
            assertThat(fixture.plane.published).hasSize(2);
            assertThat(fixture.verdicts()).containsExactly("changed", "changed");
            assertThat(fixture.newestEntry().getString("what")).isEqualTo("maintenance off");
        }
    }

    @Test
    void the_second_time_nothing_changes_but_other_terms_do() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            assertThat(fixture.make(off()).changed()).isFalse();
            fixture.make(on("one"));
            assertThat(fixture.make(on("one")).changed()).isFalse();
            assertThat(fixture.make(on("two")).changed()).isTrue();
            assertThat(fixture.service().revision()).isEqualTo(3);
        }
    }

    @Test
    void a_canary_and_a_switch_go_on_under_a_maintenance_and_tell_of_it() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.make(on("one"));

            AdjustmentReport canary = fixture.make(CanaryWeight.of(10));
            Receipt receipt = fixture.make(SwitchingFixture.to(Slot.GREEN));

            assertThat(canary.changed()).isTrue();
            assertThat(receipt.changed()).isTrue();
            assertThat(fixture.service().active()).isEqualTo(Slot.GREEN);
            assertThat(fixture.service().maintenance()).isPresent();
            assertThat(receipt.json(GateDetail.FAILURES)
                            .getJsonObject("serving")
                            .getBoolean("maintenance"))
                    .isTrue();
        }
    }

    @Test
    void an_operator_is_warned_as_long_as_it_is_on() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.make(order(Optional.of(
                    new MaintenanceTerms(Optional.empty(), List.of("10.0.0.0/8", "::1"), Duration.ofMinutes(10)))));

            assertThat(fixture.switching.warnings().of(fixture.service()))
                    .anyMatch(warning -> warning.english().startsWith("Maintenance is on since ")
                            && warning.english().contains("10.0.0.0/8, ::1")
                            && warning.english().contains("turnout maintenance off"));
        }
    }
}
