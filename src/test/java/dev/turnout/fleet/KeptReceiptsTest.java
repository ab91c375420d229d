package dev.turnout.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.fleet.decision.FleetKey;
import dev.turnout.fleet.decision.FleetValue;
import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.fleet.decision.FleetValue.FleetReceipt;
import dev.turnout.fleet.decision.FleetValue.ReceiptState;
import dev.turnout.fleet.decision.StoreContents;
import dev.turnout.fleet.decision.StoreContents.Entry;
import dev.turnout.routing.Pool;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class KeptReceiptsTest {

    private final SortedMap<FleetKey, Entry> entries = new TreeMap<>();
    private long revision;

    private void service(String name) {
        Pool pool = Pool.of(List.of(Target.parse("127.0.0.1:8081")));
        Service service = Service.initial(name, pool, pool, Instant.EPOCH);
        put(FleetKey.state(name), new Decision(service, "c"));
    }

    private void receipt(String service, long epoch, ReceiptState state, int members, int characters) {
        TreeMap<String, String> reports = new TreeMap<>();
        for (int i = 0; i < members; i++) {
            reports.put("m" + i, "x".repeat(characters));
        }
        put(
                FleetKey.receipt(service, epoch),
                new FleetReceipt("c" + epoch, state, Collections.emptySortedSet(), reports));
    }

    private void put(FleetKey key, FleetValue value) {
        revision++;
        entries.put(key, new Entry(value, revision, revision));
    }

    private List<FleetKey> tooMany() {
        return KeptReceipts.tooMany(new StoreContents("life", entries));
    }

    @Test
    void of_one_service_the_newest_receipts_stay_by_their_numbers() {
        service("shop");
        for (int epoch = 1; epoch <= KeptReceipts.MOST_OF_SERVICE + 2; epoch++) {
            receipt("shop", epoch, ReceiptState.DRAINED, 3, 400);
        }

        assertThat(tooMany()).containsExactly(FleetKey.receipt("shop", 1), FleetKey.receipt("shop", 2));
    }

    @Test
    void receipts_that_are_few_and_short_all_stay() {
        service("shop");
        for (int epoch = 1; epoch <= KeptReceipts.MOST_OF_SERVICE; epoch++) {
            receipt("shop", epoch, ReceiptState.DRAINED, 60, 400);
        }

        assertThat(tooMany()).isEmpty();
    }

    @Test
    void the_oldest_of_all_services_go_first_and_the_newest_of_each_stays() {
        service("quiet");
        service("shop");
        receipt("quiet", 1, ReceiptState.DRAINED, 60, 8_000);
        receipt("quiet", 2, ReceiptState.DRAINED, 60, 8_000);
        for (int epoch = 1; epoch <= 6; epoch++) {
            receipt("shop", epoch, ReceiptState.DRAINED, 60, 8_000);
        }

        assertThat(tooMany()).containsExactly(FleetKey.receipt("quiet", 1), FleetKey.receipt("shop", 1));
    }

    @Test
    void an_open_receipt_stays() {
        service("shop");
        for (int epoch = 1; epoch <= KeptReceipts.MOST_OF_SERVICE + 1; epoch++) {
            receipt("shop", epoch, ReceiptState.OPEN, 0, 0);
        }

        assertThat(tooMany()).isEmpty();
    }

    /** A gateway's answer is one third longer, and has 16 MiB at most. */
    @Test
    void the_largest_fleet_with_the_longest_reports_can_be_read() {
        String report = "x".repeat(8_192);
        TreeMap<String, String> reports = new TreeMap<>();
        for (int i = 0; i < FleetJson.MOST_MEMBERS; i++) {
            reports.put("m" + i, report);
        }
        for (int epoch = 1; epoch <= KeptReceipts.MOST_OF_SERVICE; epoch++) {
            for (int i = 0; i < 59; i++) {
                service("s" + i);
                put(
                        FleetKey.receipt("s" + i, epoch),
                        new FleetReceipt("c", ReceiptState.NOT_DRAINED, Collections.emptySortedSet(), reports));
            }
        }

        List<FleetKey> gone = tooMany();
        gone.forEach(entries::remove);

        long left = entries.values().stream()
                .filter(entry -> entry.value() instanceof FleetReceipt)
                .mapToLong(entry -> ((FleetReceipt) entry.value())
                        .reports().values().stream().mapToLong(String::length).sum())
                .sum();
        assertThat(left)
                .isPositive()
                .isLessThanOrEqualTo(KeptReceipts.MOST_OLDER + KeptReceipts.MOST_NEWEST)
                .isLessThan(12L * 1024 * 1024);
        assertThat(tooMany()).isEmpty();
    }
}
