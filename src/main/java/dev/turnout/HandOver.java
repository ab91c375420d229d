package dev.turnout;

import dev.turnout.store.StateStore;
import dev.turnout.store.StoreFailed;
import dev.turnout.switching.ChangeRefused.Reason;
import dev.turnout.switching.Changes;
import dev.turnout.switching.Commit;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Gives this process's place to a successor that asks for it, without a moment in which nobody accepts connections or
 * two processes believe that they own the state folder.
 *
 * <p>The successor is another Turnout with the same settings. The two talk over the {@link HandOverSocket}, a line at a
 * time:
 *
 * <ol>
 *   <li>The successor has started as far as it can without the state, and says {@value #TAKE_OVER}.
 *   <li>This process refuses changes from now on, waits for one that has begun, frees the folder's lock, and says
 *       {@value #YOURS}; or {@value #BUSY}, if the change does not end. It goes on serving. It stops waiting as soon as
 *       the successor hangs up.
 *   <li>The successor takes the lock, reads the state, listens on the same ports by {@code SO_REUSEPORT}, and says
 *       {@value #SERVING}. It has recorded nothing yet.
 *   <li>This process hangs up, which is its consent: from now on the successor records. This process stops as on
 *       SIGTERM: it has new connections steered to the successor, lets its requests end, and ends.
 * </ol>
 *
 * <p>Each step has an end. If the successor hangs up before the third step, or is late, this process takes the lock again
 * and goes on as if nothing had happened. A successor that is late is told {@value #TAKEN_BACK}, and ends. While it holds
 * the lock, changes are refused, and the status says so. Peers that connect and say nothing keep no other peer from
 * asking.
 */
final class HandOver {

    static final String TAKE_OVER = "take over";
    static final String YOURS = "yours";
    static final String BUSY = "busy";
    static final String SERVING = "serving";
    static final String TAKEN_BACK = "taken back";

    private static final Logger LOG = Logger.getLogger("dev.turnout");

    private static final long BETWEEN_TRIES_MILLIS = 500;

    private final StateStore store;
    private final Changes changes;
    private final Commit commit;
    private final Supplier<Patience> patience;
    private final Runnable stop;
    private final ReentrantLock turn = new ReentrantLock(true);
    private final AtomicBoolean isHandedOver = new AtomicBoolean();
    private volatile boolean hasPlace;

    /** True from the moment at which the successor is given the folder, until it is taken back. */
    private volatile boolean isGiven;

    /**
     * How long each step may take.
     *
     * @param firstLine from a peer's connection to its first word
     * @param turn for another hand-over to end
     * @param change for a change that has begun to end
     * @param serving from the lock's release to the successor's word that it serves
     */
    record Patience(Duration firstLine, Duration turn, Duration change, Duration serving) {

        /**
         * The times of a Turnout that serves.
         *
         * @param change how long a change that has begun is waited for
         * @param publish how long it may take to publish a state, as nginx takes its time
         */
        static Patience of(Duration change, Duration publish) {
            return new Patience(
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(2),
                    change,
                    Duration.ofSeconds(15).plus(publish));
        }

        /** How long a successor waits for the answer to its first word. */
        Duration answer() {
            return turn.plus(change).plusSeconds(10);
        }
    }

    /**
     * @param store of the state folder that is handed over
     * @param commit records the state in force once more if a failed successor has recorded another one
     * @param stop makes this process stop; must not wait for its end
     */
    HandOver(StateStore store, Changes changes, Commit commit, Supplier<Patience> patience, Runnable stop) {
        this.store = store;
        this.changes = changes;
        this.commit = commit;
        this.patience = patience;
        this.stop = stop;
    }

    /** Returns how long a predecessor with these settings may take to answer. */
    Duration answerTime() {
        return patience.get().answer();
    }

    /** Notes that this process has the place: it has no predecessor, or its consent. */
    void begin() {
        hasPlace = true;
    }

    /** Returns true if this process has the place, and no other one: neither a predecessor that goes on, nor a successor. */
    boolean isOwner() {
        return hasPlace && !isGiven;
    }

    /** Waits for a successor from now on, on threads of its own. A predecessor's socket gives way to this socket. */
    void offer() {
        try {
            HandOverSocket socket = HandOverSocket.open(store.folder());
            socket.accept(peer -> hear(peer, socket));
        } catch (IOException e) {
            LOG.errorf("No successor can take over without a gap: %s", e);
        }
    }

    private void hear(SocketChannel channel, HandOverSocket socket) {
        try (Peer peer = new Peer(channel)) {
            if (peer.hear(patience.get().firstLine()).filter(TAKE_OVER::equals).isEmpty()) {
                return;
            }
            if (!turn.tryLock(patience.get().turn().toMillis(), TimeUnit.MILLISECONDS)) {
                peer.say(BUSY);
                return;
            }
            try {
                if (!isHandedOver.get()) {
                    isHandedOver.set(handOver(peer));
                }
            } finally {
                turn.unlock();
            }
        } catch (IOException e) {
            LOG.debugf("A peer of the hand-over was lost: %s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (isHandedOver.get()) {
            socket.close();
            stop.run();
        }
    }

    /** Returns true if the successor serves; this process owns the folder again if not. */
    private boolean handOver(Peer successor) throws InterruptedException {
        Duration most = patience.get().change().plus(patience.get().serving());
        suspend("Turnout is handing its place over to a successor since "
                + Instant.now().truncatedTo(ChronoUnit.SECONDS)
                + ". Changes are refused until the successor serves, or for " + most.toSeconds() + " s.");
        boolean serves = false;
        try {
            if (!changes.awaitNone(patience.get().change(), () -> !successor.isWaiting())) {
                successor.say(BUSY);
                return false;
            }
            isGiven = true;
            store.release();
            successor.say(YOURS);
            serves = isServing(successor);
        } catch (IOException e) {
            LOG.warnf("The successor was lost: %s", e);
        } finally {
            if (serves) {
                LOG.info("The successor serves");
            } else if (isGiven) {
                takeBack();
            } else {
                changes.resume();
            }
        }
        return serves;
    }

    private boolean isServing(Peer successor) throws IOException {
        try {
            return successor
                    .hear(patience.get().serving())
                    .filter(SERVING::equals)
                    .isPresent();
        } catch (SocketTimeoutException e) {
            LOG.warnf(
                    "The successor does not serve after %d s: its place is taken back",
                    patience.get().serving().toSeconds());
            successor.say(TAKEN_BACK);
            return false;
        }
    }

    private void suspend(String why) {
        changes.suspend(Reason.STOPPING, why);
    }

    /** Blocks until the folder is this process's again: a successor that was late may hold the lock until it ends. */
    private void takeBack() throws InterruptedException {
        while (!isReclaimed()) {
            TimeUnit.MILLISECONDS.sleep(BETWEEN_TRIES_MILLIS);
        }
        isGiven = false;
        commit.record();
        changes.resume();
        LOG.warn("The successor ended before it served: this process goes on");
    }

    private boolean isReclaimed() {
        try {
            store.reclaim();
            return true;
        } catch (StoreFailed e) {
            String why = "A successor was late and still has the state folder: changes are refused until it ends. "
                    + e.getMessage();
            if (changes.suspension().filter(why::equals).isEmpty()) {
                LOG.error(why);
            }
            suspend(why);
            return false;
        }
    }
}
