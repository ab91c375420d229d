package dev.turnout.fleet;

import dev.turnout.fleet.decision.FleetKey;
import dev.turnout.fleet.decision.FleetReceipts;
import dev.turnout.fleet.decision.FleetValue.FleetReceipt;
import dev.turnout.fleet.decision.FleetValue.Intent;
import dev.turnout.fleet.decision.FleetValue.IntentStep;
import dev.turnout.fleet.decision.FleetValue.Ready;
import dev.turnout.fleet.decision.FleetValue.ReceiptState;
import dev.turnout.fleet.decision.StoreContents;
import dev.turnout.fleet.decision.StoreContents.Entry;
import dev.turnout.fleet.decision.StoreUpdate;
import dev.turnout.fleet.decision.StoreUpdate.Condition;
import dev.turnout.fleet.decision.StoreUpdate.Edit;
import dev.turnout.fleet.decision.StoreUpdate.Purpose;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a member does for changes of others: it proves the targets when it is asked to, closes receipts that nobody closes,
 * frees locks that nobody holds, and keeps the number of receipts small. The fleet's thread only.
 */
final class Upkeep {

    private static final int MOST_RECEIPTS = 50;

    private final FleetLoop loop;
    private final Presence.Self self;
    private final FleetTraffic traffic;
    private final Set<String> proving = new HashSet<>();

    Upkeep(FleetLoop loop, Presence.Self self, FleetTraffic traffic) {
        this.loop = loop;
        this.self = self;
        this.traffic = traffic;
    }

    /** Looks at what the store has. */
    void look(StoreContents contents, Set<String> services, Map<String, LedChange> led) {
        for (String service : services) {
            Intent intent = contents.intent(service);
            if (intent != null && intent.step() == IntentStep.GATE) {
                prove(intent, contents, led.containsKey(intent.change()));
            }
            if (intent != null && isLeftBehind(intent, contents, led)) {
                free(service, contents);
            }
            if (intent == null || !led.containsKey(intent.change()) && isLeftBehind(intent, contents, led)) {
                closeReceipts(service, contents, led);
            }
        }
        proving.removeIf(change -> services.stream().noneMatch(service -> isOf(contents.intent(service), change)));
    }

    private static boolean isOf(@Nullable Intent intent, String change) {
        return intent != null && intent.change().equals(change);
    }

    /** Proves the targets of a change over this member's network. Who leads the change has done so. */
    private void prove(Intent intent, StoreContents contents, boolean isLed) {
        FleetKey ready = FleetKey.ready(intent.change(), self.member());
        if (contents.has(ready) || !proving.add(intent.change())) {
            return;
        }
        String service = intent.next().name();
        Entry lock = contents.entry(FleetKey.change(service));
        long created = lock == null ? 0 : lock.created();
        loop.aside(() -> {
            String problem = isLed ? "" : traffic.prove(intent.next());
            loop.later(() -> loop.send(
                    new StoreUpdate(
                            Purpose.VOTE,
                            List.of(new Condition.Created(FleetKey.change(service), created)),
                            List.of(new Edit.PutLeased(ready, new Ready(service, problem)))),
                    made -> {}));
        });
    }

    /** Returns true if the process that holds a lock is gone, or is this one and does not know of it. */
    private boolean isLeftBehind(Intent intent, StoreContents contents, Map<String, LedChange> led) {
        boolean isOwn = intent.process().equals(self.process());
        return isOwn
                ? !led.containsKey(intent.change())
                : intent.member().equals(self.member())
                        && !contents.has(FleetKey.here(intent.member(), intent.process()));
    }

    private void free(String service, StoreContents contents) {
        FleetKey lock = FleetKey.change(service);
        Entry held = contents.entry(lock);
        FleetKey state = FleetKey.state(service);
        loop.send(
                new StoreUpdate(
                        Purpose.ABORT,
                        List.of(
                                new Condition.Created(lock, held == null ? 0 : held.created()),
                                new Condition.Written(state, contents.written(state))),
                        List.of(new Edit.Delete(lock))),
                made -> {});
    }

    private void closeReceipts(String service, StoreContents contents, Map<String, LedChange> led) {
        String folder = "receipt/" + service + "/";
        List<Long> epochs = new ArrayList<>();
        contents.under(folder).forEach((key, entry) -> {
            long epoch = Long.parseLong(key.path().substring(folder.length()));
            epochs.add(epoch);
            if (entry.value() instanceof FleetReceipt receipt
                    && receipt.state() == ReceiptState.OPEN
                    && !led.containsKey(receipt.change())) {
                Optional.ofNullable(FleetReceipts.close(service, epoch, false, contents))
                        .ifPresent(close -> loop.send(close, made -> {}));
            }
        });
        if (epochs.size() > MOST_RECEIPTS) {
            List<Edit> deletions = epochs.stream()
                    .sorted()
                    .limit(epochs.size() - MOST_RECEIPTS)
                    .limit(20)
                    .<Edit>map(epoch -> new Edit.Delete(FleetKey.receipt(service, epoch)))
                    .toList();
            loop.send(new StoreUpdate(Purpose.CLOSE, List.of(), deletions), made -> {});
        }
    }
}
