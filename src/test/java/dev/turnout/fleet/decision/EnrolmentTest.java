package dev.turnout.fleet.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.fleet.decision.StoreContents.Entry;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Members come and go")
final class EnrolmentTest {

    private final StoreContents seen = FleetFixture.store(1);

    @Test
    @DisplayName("The last member that leaves ends the fleet, and leaves nothing of it")
    void end() {
        StoreContents after = ModelStore.apply(seen, Enrolment.end(seen));

        assertThat(after).isNotNull();
        assertThat(after.entries()).isEmpty();
    }

    @Test
    @DisplayName("The last member does not end the fleet if another one has come meanwhile")
    void somebodyHasCome() {
        StoreContents now = ModelStore.apply(seen, Enrolment.enrol("m1", "m1.1", "", List.of(FleetFixture.SHOP), seen));

        assertThat(now).isNotNull();
        assertThat(ModelStore.apply(now, Enrolment.end(seen))).isNull();
    }

    @Test
    @DisplayName("The last member does not end the fleet if something was decided meanwhile")
    void somethingWasDecided() {
        StoreContents now = ModelStore.with(seen, FleetKey.state(FleetFixture.SHOP), FleetFixture.decision(1, "c1"));

        assertThat(ModelStore.apply(now, Enrolment.end(seen))).isNull();
    }

    private static StoreContents without(StoreContents contents, FleetKey key) {
        TreeMap<FleetKey, Entry> entries = new TreeMap<>(contents.entries());
        entries.remove(key);
        return new StoreContents(contents.life(), entries);
    }

    @Test
    @DisplayName("A member that has come back meanwhile is not taken out")
    void comeBack() {
        StoreContents two = FleetFixture.store(2);
        StoreContents back = ModelStore.apply(two, Enrolment.register("m1", "m1.2"));

        assertThat(back).isNotNull();
        assertThat(ModelStore.apply(back, Enrolment.leaveOrEnd("m1", two))).isNull();
        assertThat(ModelStore.apply(back, Enrolment.leaveOrEnd("m1", back))).isNotNull();
    }

    @Test
    @DisplayName("The last member does not end the fleet if another process of it has come back meanwhile")
    void lastHasComeBack() {
        StoreContents back = ModelStore.apply(seen, Enrolment.register("m0", "m0.2"));

        assertThat(back).isNotNull();
        assertThat(ModelStore.apply(back, Enrolment.leaveOrEnd("m0", seen))).isNull();
    }

    @Test
    @DisplayName("A process says again that it is here if the store does not have that")
    void saysAgain() {
        StoreContents here = ModelStore.apply(seen, Enrolment.register("m0", "now"));
        assertThat(here).isNotNull();
        StoreContents only = without(here, FleetKey.here("m0", "m0.1"));
        assertThat(only.isOnly("m0", "now")).isTrue();
        assertThat(Enrolment.isUndone("m0", "now", only)).isFalse();

        // The lease that it was said with has ended, since a node of etcd was late.
        StoreContents gone = without(only, FleetKey.here("m0", "now"));
        assertThat(Enrolment.isUndone("m0", "now", gone)).isTrue();
        assertThat(Enrolment.isUndone("m0", "now", without(gone, FleetKey.started("m0"))))
                .isTrue();

        // What a process before it has said came late.
        StoreContents late = ModelStore.apply(only, Enrolment.register("m0", "before"));
        assertThat(late).isNotNull();
        assertThat(Enrolment.isUndone("m0", "now", without(late, FleetKey.here("m0", "before"))))
                .isTrue();
    }

    @Test
    @DisplayName("A process that has a successor, or whose member is out, does not say again that it is here")
    void saysNothing() {
        StoreContents handedOver = ModelStore.apply(seen, Enrolment.register("m0", "next"));
        assertThat(handedOver).isNotNull();

        assertThat(Enrolment.isUndone("m0", "before", without(handedOver, FleetKey.here("m0", "before"))))
                .isFalse();
        assertThat(Enrolment.isUndone("m9", "m9.1", seen)).isFalse();
    }
}
