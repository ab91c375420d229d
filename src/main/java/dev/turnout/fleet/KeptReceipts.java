package dev.turnout.fleet;

import dev.turnout.fleet.decision.FleetKey;
import dev.turnout.fleet.decision.FleetValue.FleetReceipt;
import dev.turnout.fleet.decision.FleetValue.ReceiptState;
import dev.turnout.fleet.decision.StoreContents;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which closed receipts stay in the store: each read brings all of them, and a read that is too long fails. The newest
 * receipt of a service tells its change to the member that leads the change. The older ones are for people.
 */
final class KeptReceipts {

    /** Receipts of one service. */
    static final int MOST_OF_SERVICE = 50;

    /** What the older receipts of all services have. Characters of reports. */
    static final long MOST_OLDER = 2L * 1024 * 1024;

    /**
     * What the newest receipts of all services have. Characters of reports: 16 services may change together, and 60 members may
     * have long reports of each.
     */
    static final long MOST_NEWEST = 8L * 1024 * 1024;

    private KeptReceipts() {}

    private record Receipt(FleetKey key, FleetReceipt value, long epoch, long written) {

        boolean isClosed() {
            return value.state() != ReceiptState.OPEN;
        }

        long characters() {
            return value.reports().values().stream().mapToLong(String::length).sum();
        }
    }

    /** Returns the keys of the closed receipts that do not stay, the oldest receipt first. */
    static List<FleetKey> tooMany(StoreContents contents) {
        List<Receipt> newest = new ArrayList<>();
        List<Receipt> older = new ArrayList<>();
        List<Receipt> gone = new ArrayList<>();
        for (String service : contents.services()) {
            List<Receipt> receipts = newestFirst(service, contents);
            for (int i = 0; i < receipts.size(); i++) {
                (i == 0 ? newest : i < MOST_OF_SERVICE ? older : gone).add(receipts.get(i));
            }
        }
        gone.addAll(beyond(MOST_NEWEST, newest));
        gone.addAll(beyond(MOST_OLDER, older));
        return gone.stream()
                .filter(Receipt::isClosed)
                .sorted(Comparator.comparingLong(Receipt::written))
                .map(Receipt::key)
                .toList();
    }

    private static List<Receipt> newestFirst(String service, StoreContents contents) {
        String folder = "receipt/" + service + "/";
        List<Receipt> receipts = new ArrayList<>();
        contents.under(folder).forEach((key, entry) -> {
            if (entry.value() instanceof FleetReceipt value) {
                long epoch = Long.parseLong(key.path().substring(folder.length()));
                receipts.add(new Receipt(key, value, epoch, entry.written()));
            }
        });
        receipts.sort(Comparator.comparingLong(Receipt::epoch).reversed());
        return receipts;
    }

    /** Returns the receipts that do not fit, if those that were written last are taken first. */
    private static List<Receipt> beyond(long mostCharacters, List<Receipt> receipts) {
        receipts.sort(Comparator.comparingLong(Receipt::written).reversed());
        List<Receipt> beyond = new ArrayList<>();
        long characters = 0;
        for (Receipt receipt : receipts) {
            characters += receipt.characters();
            if (characters > mostCharacters) {
                beyond.add(receipt);
            }
        }
        return beyond;
    }
}
