package dev.turnout.fleet;

import dev.turnout.fleet.decision.StoreUpdate;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** The updates of the store that are under way, each of them once at a time. The fleet's thread only. */
final class SentUpdates {

    private final Function<StoreUpdate, UpdateAnswer> store;
    private final AsideWork aside;
    private final Consumer<Runnable> later;
    private final Runnable readSoon;
    private final Set<StoreUpdate> underWay = new HashSet<>();

    /**
     * @param store sends an update. Blocks.
     * @param later runs tasks on the fleet's thread
     * @param readSoon has the store read
     */
    SentUpdates(
            Function<StoreUpdate, UpdateAnswer> store, AsideWork aside, Consumer<Runnable> later, Runnable readSoon) {
        this.store = store;
        this.aside = aside;
        this.later = later;
        this.readSoon = readSoon;
    }

    /**
     * Sends an update aside, unless the same one is under way. The store is read when it has ended.
     *
     * @param answered told on the fleet's thread what the store has said
     * @return whether it was sent
     */
    boolean send(StoreUpdate update, Consumer<UpdateAnswer> answered) {
        if (!underWay.add(update)) {
            return false;
        }
        return aside.begin(() -> ended(update, store.apply(update), answered), () -> {
            underWay.remove(update);
            later.accept(() -> answered.accept(UpdateAnswer.UNKNOWN));
        });
    }

    private void ended(StoreUpdate update, UpdateAnswer answer, Consumer<UpdateAnswer> answered) {
        later.accept(() -> {
            underWay.remove(update);
            answered.accept(answer);
        });
        readSoon.run();
    }
}
