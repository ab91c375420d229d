package dev.turnout.fleet.decision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The last member that leaves ends the fleet")
final class EnrolmentTest {

    private final StoreContents seen = FleetFixture.store(1);

    @Test
    @DisplayName("and leaves nothing of it")
    void end() {
        StoreContents after = ModelStore.apply(seen, Enrolment.end(seen));

        assertThat(after).isNotNull();
        assertThat(after.entries()).isEmpty();
    }

    @Test
    @DisplayName("unless another one has come meanwhile")
    void somebodyHasCome() {
        StoreContents now = ModelStore.apply(seen, Enrolment.enrol("m1", "m1.1", "", List.of(FleetFixture.SHOP), seen));

        assertThat(now).isNotNull();
        assertThat(ModelStore.apply(now, Enrolment.end(seen))).isNull();
    }

    @Test
    @DisplayName("unless something was decided meanwhile")
    void somethingWasDecided() {
        StoreContents now = ModelStore.with(seen, FleetKey.state(FleetFixture.SHOP), FleetFixture.decision(1, "c1"));

        assertThat(ModelStore.apply(now, Enrolment.end(seen))).isNull();
    }
}
