package dev.turnout.proxy.exchange;

import dev.turnout.proxy.loop.Deadlines;
import dev.turnout.proxy.route.Patience;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The clock of one exchange: whose {@link Turn} it is, how long that party has, and whether it has moved. Notes clients
 * that hold up a message. Event loop only.
 */
final class StallTimer extends Deadlines.Entry {

    /** So many times {@code turnout.upstream.head} a target may put off its response by 1xx responses. */
    private static final int MOST_HEARTBEATS = 10;

    /** What the timer asks of its exchange. */
    interface Parties {

        /** Returns who has to move next. */
        Turn turn();

        /** Returns how many bytes the client has yet to take. */
        long clientBacklog();

        /** Returns how many bytes the target has yet to take. */
        long targetBacklog();

        /** Returns how many bytes have passed, both ways. */
        long bytesPassed();

        /** Returns true if one side of a tunnel sends no more. */
        boolean isHalfClosed();

        /** Called when the party whose turn it is has not moved in time, or a wait is over. */
        void timedOut();
    }

    private final Deadlines deadlines;
    private final Patience patience;
    private final LongSupplier nanoClock;
    private final Parties parties;
    private Turn turn = Turn.TARGET_ACCEPTS;
    private long turnNanos;
    private long turnBacklog;

    /** How long the client's turns have lasted in all, while the message at hand passed. */
    private long clientNanos;

    /** How many bytes had passed before the message at hand. */
    private long bytesBefore;

    private boolean clientStalled;

    /** No turn counts: only the time of a wait does. */
    private boolean waiting;

    StallTimer(Deadlines deadlines, Patience patience, LongSupplier nanoClock, Parties parties) {
        this.deadlines = deadlines;
        this.patience = patience;
        this.nanoClock = nanoClock;
        this.parties = parties;
    }

    /** Begins the time that a target has to accept the request, whatever the turn was before. */
    void connecting() {
        waiting = false;
        turn = Turn.TARGET_ACCEPTS;
        deadlines.arm(this, patience.head());
    }

    /** Goes on with the time that an earlier connection to the target has begun. */
    void reconnecting() {
        turn = Turn.TARGET_ACCEPTS;
    }

    /** Times out after so long, whoever moves. Milliseconds. */
    void await(long millis) {
        waiting = true;
        deadlines.arm(this, millis);
    }

    /** Gives the party whose turn it is its time. Does nothing in a wait. */
    void update() {
        if (waiting) {
            return;
        }
        noteStall();
        turn = parties.turn();
        switch (turn) {
            case NOBODY -> {
                if (parties.isHalfClosed()) {
                    deadlines.arm(this, patience.clientBody());
                } else {
                    deadlines.disarm(this);
                }
            }
            case TARGET_ACCEPTS, TARGET_ANSWERS -> deadlines.arm(this, patience.head());
            case TARGET_SENDS -> deadlines.arm(this, patience.targetBody());
            case TARGET_TAKES -> {
                turnBacklog = parties.targetBacklog();
                deadlines.arm(this, patience.targetBody());
            }
            case CLIENT_SENDS -> {
                turnNanos = nanoClock.getAsLong();
                deadlines.arm(this, patience.clientBody());
            }
            case CLIENT_TAKES -> {
                turnNanos = nanoClock.getAsLong();
                turnBacklog = parties.clientBacklog();
                deadlines.arm(this, patience.clientBody());
            }
        }
    }

    /**
     * Gives a target that has sent a 1xx response more time, within bounds.
     *
     * @param waitedMillis how long the target has been waited for. Milliseconds.
     */
    void heartbeat(long waitedMillis) {
        if (turn == Turn.TARGET_ANSWERS && waitedMillis < patience.head() * MOST_HEARTBEATS) {
            deadlines.arm(this, patience.head());
        }
    }

    /** Notes that the request is whole: the message at hand is the response from now on. */
    void requestWhole() {
        noteStall();
        clientStalled = false;
        clientNanos = 0;
        bytesBefore = parties.bytesPassed();
    }

    /** Notes how long a client's turn has lasted. */
    void noteStall() {
        if (turn.isClients()) {
            long now = nanoClock.getAsLong();
            long lasted = now - turnNanos;
            turnNanos = now;
            clientNanos += lasted;
            clientStalled |= Turn.isStall(
                    TimeUnit.NANOSECONDS.toMillis(lasted),
                    TimeUnit.NANOSECONDS.toMillis(clientNanos),
                    parties.bytesPassed() - bytesBefore);
        }
    }

    /** Returns who had to move next when the time was last given. */
    Turn turn() {
        return turn;
    }

    /** Returns true if the client has held up the message at hand, see {@link Turn#isStall}. */
    boolean isClientStalled() {
        return clientStalled;
    }

    /** Returns true if the party that was to move has moved since its time began. */
    private boolean hasMoved() {
        if (parties.turn() != turn) {
            return true;
        }
        return switch (turn) {
            case CLIENT_TAKES -> parties.clientBacklog() < turnBacklog;
            case TARGET_TAKES -> parties.targetBacklog() < turnBacklog;
            default -> false;
        };
    }

    /** Stops the clock for good. */
    void stop() {
        waiting = true;
        deadlines.remove(this);
    }

    @Override
    protected void timedOut() {
        if (!waiting && hasMoved()) {
            update();
        } else {
            parties.timedOut();
        }
    }
}
