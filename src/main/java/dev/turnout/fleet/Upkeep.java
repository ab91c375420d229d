package dev.turnout.fleet;

import dev.turnout.fleet.decision.Coordinator;
import dev.turnout.fleet.decision.FleetKey;
import dev.turnout.fleet.decision.FleetReceipts;
import dev.turnout.fleet.decision.FleetValue.FleetReceipt;
import dev.turnout.fleet.decision.FleetValue.Intent;
import dev.turnout.fleet.decision.FleetValue.IntentStep;
import dev.turnout.fleet.decision.FleetValue.Ready;
import dev.turnout.fleet.decision.FleetValue.ReceiptState;
import dev.turnout.fleet.decision.Seat;
import dev.turnout.fleet.decision.StoreContents;
import dev.turnout.fleet.decision.StoreContents.Entry;
import dev.turnout.fleet.decision.StoreUpdate;
import dev.turnout.fleet.decision.StoreUpdate.Condition;
import dev.turnout.fleet.decision.StoreUpdate.Edit;
import dev.turnout.fleet.decision.StoreUpdate.Purpose;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a member does for changes of others: it proves the targets and counts when it is asked to, closes receipts that
 * nobody closes, frees locks that nobody holds, and deletes old receipts. The fleet's thread only.
 */
final class Upkeep {

    /** An update has at most 128 operations. */
    private static final int MOST_DELETED = 100;

    private final FleetLoop loop;
    private final Presence.Self self;
    private final FleetTraffic traffic;
    private final Counting counting;

    /** What the gates of changes under way have said here; empty while they are asked. */
    private final Map<String, Optional<String>> gates = new HashMap<>();

    Upkeep(FleetLoop loop, Presence.Self self, FleetTraffic traffic) {
        this.loop = loop;
        this.self = self;
        this.traffic = traffic;
        this.counting = new Counting(loop, self, traffic);
    }

    /** Looks at what the store has. */
    void look(StoreContents contents, Set<String> seated, Map<String, LedChange> led) {
        counting.look(contents, seated);
        // A lock of this member is freed too if it has the service no more.
        Set<String> services = contents.services();
        for (String service : services) {
            Intent intent = contents.intent(service);
            if (intent != null && intent.step() == IntentStep.GATE && seated.contains(service)) {
                prove(intent, contents, led.containsKey(intent.change()));
            }
            Seat seat = new Seat(service, self.member(), self.process(), FleetJson.FORMAT);
            @Nullable StoreUpdate free = Coordinator.freeLock(seat, led.keySet(), contents);
            if (free != null) {
                loop.send(free, answer -> {});
            }
            if (intent == null || free != null) {
                closeReceipts(service, contents, led);
            }
        }
        deleteReceipts(contents);
        gates.keySet()
                .removeIf(change -> services.stream().noneMatch(service -> isOf(contents.intent(service), change)));
    }

    private static boolean isOf(@Nullable Intent intent, String change) {
        return intent != null && intent.change().equals(change);
    }

    /**
     * Proves the targets of a change over this member's network, and says so until the store has it. Who leads the change has
     * proved them.
     */
    private void prove(Intent intent, StoreContents contents, boolean isLed) {
        FleetKey ready = FleetKey.ready(intent.change(), self.member());
        if (contents.has(ready)) {
            return;
        }
        String service = intent.next().name();
        FleetKey change = FleetKey.change(service);
        Entry lock = contents.entry(change);
        Condition held = new Condition.Created(change, lock == null ? 0 : lock.created());
        Optional<String> said = gates.get(intent.change());
        if (said != null) {
            said.ifPresent(problem -> loop.send(report(held, ready, new Ready(service, problem)), answer -> {}));
            return;
        }
        gates.put(intent.change(), Optional.empty());
        loop.aside()
                .begin(
                        () -> {
                            String problem = isLed ? "" : traffic.prove(intent.next());
                            loop.later(() -> {
                                gates.replace(intent.change(), Optional.of(problem));
                                loop.send(report(held, ready, new Ready(service, problem)), answer -> {});
                            });
                        },
                        () -> gates.remove(intent.change()));
    }

    private static StoreUpdate report(Condition held, FleetKey key, Ready ready) {
        return new StoreUpdate(Purpose.VOTE, List.of(held), List.of(new Edit.PutLeased(key, ready)));
    }

    private void closeReceipts(String service, StoreContents contents, Map<String, LedChange> led) {
        String folder = "receipt/" + service + "/";
        contents.under(folder).forEach((key, entry) -> {
            if (entry.value() instanceof FleetReceipt receipt
                    && receipt.state() == ReceiptState.OPEN
                    && !led.containsKey(receipt.change())) {
                long epoch = Long.parseLong(key.path().substring(folder.length()));
                Optional.ofNullable(FleetReceipts.close(service, epoch, false, contents))
                        .ifPresent(close -> loop.send(close, answer -> {}));
            }
        });
    }

    private void deleteReceipts(StoreContents contents) {
        List<Edit> deletions = KeptReceipts.tooMany(contents).stream()
                .limit(MOST_DELETED)
                .<Edit>map(Edit.Delete::new)
                .toList();
        if (!deletions.isEmpty()) {
            loop.send(new StoreUpdate(Purpose.CLOSE, List.of(), deletions), answer -> {});
        }
    }
}
