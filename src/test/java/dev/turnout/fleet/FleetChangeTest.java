package dev.turnout.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.fleet.decision.ChangeKind;
import dev.turnout.fleet.decision.FleetKey;
import dev.turnout.fleet.decision.FleetValue;
import dev.turnout.fleet.decision.FleetValue.FleetReceipt;
import dev.turnout.fleet.decision.FleetValue.Intent;
import dev.turnout.fleet.decision.FleetValue.IntentStep;
import dev.turnout.fleet.decision.FleetValue.ReceiptState;
import dev.turnout.fleet.decision.StoreContents;
import dev.turnout.fleet.decision.StoreContents.Entry;
import dev.turnout.routing.Pool;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A change of the fleet is found")
final class FleetChangeTest {

    private static StoreContents contents(Map<FleetKey, FleetValue> values) {
        TreeMap<FleetKey, Entry> entries = new TreeMap<>();
        values.forEach((key, value) -> entries.put(key, new Entry(value, 1, 1)));
        return new StoreContents("life", entries);
    }

    private static FleetReceipt receipt(String change) {
        return new FleetReceipt(change, ReceiptState.DRAINED, new TreeSet<>(), new TreeMap<>());
    }

    private static Intent intent(String change) {
        Pool pool = Pool.of(List.of(Target.parse("127.0.0.1:9001")));
        Service shop = Service.initial("shop", pool, Pool.of(List.of(Target.parse("127.0.0.1:9002"))), Instant.EPOCH);
        return new Intent(change, 7, ChangeKind.SWITCH, true, IntentStep.GATE, "m1", "p1", 1, shop);
    }

    @Test
    @DisplayName("by its id, or by what its caller calls it, and by nothing that only begins so")
    void made() {
        StoreContents contents = contents(Map.of(
                FleetKey.receipt("shop", 8),
                receipt("deploy-41~a"),
                FleetKey.receipt("shop", 9),
                receipt("deploy-4~b")));

        FleetChange found = FleetChange.find("deploy-4", contents).orElseThrow();

        assertThat(found.change()).isEqualTo("deploy-4~b");
        assertThat(found.service()).isEqualTo("shop");
        assertThat(found.epoch()).contains(9L);
        assertThat(found.step()).isEmpty();
        assertThat(FleetChange.find("deploy-4~b", contents)).contains(found);
        assertThat(FleetChange.find("deploy", contents)).isEmpty();
    }

    @Test
    @DisplayName("while it is under way, but not instead of a try that was made")
    void underWay() {
        StoreContents trying = contents(Map.of(FleetKey.change("shop"), intent("k~2")));
        assertThat(FleetChange.find("k", trying).orElseThrow().step()).contains("gate");
        assertThat(FleetChange.made("k", trying)).isEmpty();

        StoreContents both =
                contents(Map.of(FleetKey.change("shop"), intent("k~2"), FleetKey.receipt("shop", 8), receipt("k~1")));
        assertThat(FleetChange.find("k", both).orElseThrow().change()).isEqualTo("k~1");
    }

    @Test
    @DisplayName("with an id of its own for each try")
    void ids() {
        assertThat(FleetChange.idOf(Optional.of("k")))
                .startsWith("k~")
                .isNotEqualTo(FleetChange.idOf(Optional.of("k")));
        assertThat(FleetChange.idOf(Optional.empty())).doesNotContain("~");
    }

    @Test
    @DisplayName("with all services that it changes in one step")
    void together() {
        StoreContents contents = contents(Map.of(
                FleetKey.receipt("shop", 8),
                receipt("k~1~shop"),
                FleetKey.receipt("api", 3),
                receipt("k~1~api"),
                FleetKey.receipt("shop", 9),
                receipt("k~2")));

        FleetChange part = FleetChange.find("k~1", contents).orElseThrow();
        assertThat(part.together(contents)).containsExactly("api", "shop");
        assertThat(FleetChange.find("k~2", contents).orElseThrow().together(contents))
                .containsExactly("shop");
        assertThat(FleetChange.part("k~1", "shop", 2)).isEqualTo("k~1~shop");
        assertThat(FleetChange.part("k~1", "shop", 1)).isEqualTo("k~1");
    }
}
