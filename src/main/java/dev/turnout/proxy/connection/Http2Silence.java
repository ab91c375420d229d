package dev.turnout.proxy.connection;

import dev.turnout.proxy.loop.Deadlines;

/**
 * Looks whether a target that has streams and sends nothing is still there: asks it by a PING, and gives it up without an
 * answer. Servers of gRPC end connections whose peers ask too often (every 5 minutes, where nothing is sent), so a target
 * that has answered is left alone for long. Event loop only.
 */
final class Http2Silence extends Deadlines.Entry {

    private static final long SILENT_MILLIS = 30_000;
    private static final long ANSWER_MILLIS = 20_000;
    private static final long LEFT_ALONE_MILLIS = 330_000;

    /** Whoever can ask. */
    interface Owner {

        /** Called about every half minute, or less often while the target is silent. */
        void look();

        /** Called to send a PING. */
        void ask();

        /** Called when the target has not answered. */
        void gone();
    }

    private enum Phase {
        LISTENING,
        ASKED,
        LEFT_ALONE
    }

    private final Deadlines deadlines;
    private final Owner owner;
    private Phase phase = Phase.LISTENING;
    private boolean running;
    private boolean heard;

    Http2Silence(Deadlines deadlines, Owner owner) {
        this.deadlines = deadlines;
        this.owner = owner;
    }

    /** Begins to look: there is a stream. */
    void begin() {
        if (!running) {
            running = true;
            listen();
        }
    }

    /** Notes that a part of a response has come. */
    void heard() {
        heard = true;
        if (running && phase != Phase.LISTENING) {
            listen();
        }
    }

    /** Notes the answer to a PING. */
    void answered() {
        if (running && phase == Phase.ASKED) {
            phase = Phase.LEFT_ALONE;
            deadlines.arm(this, LEFT_ALONE_MILLIS);
        }
    }

    /** Ends the look: there is no stream. */
    void end() {
        running = false;
        deadlines.remove(this);
    }

    private void listen() {
        phase = Phase.LISTENING;
        heard = false;
        deadlines.arm(this, SILENT_MILLIS);
    }

    @Override
    protected void timedOut() {
        owner.look();
        if (!running) {
            return;
        }
        switch (phase) {
            case LISTENING -> {
                if (heard) {
                    listen();
                } else {
                    ask();
                }
            }
            case LEFT_ALONE -> ask();
            case ASKED -> owner.gone();
        }
    }

    private void ask() {
        phase = Phase.ASKED;
        deadlines.arm(this, ANSWER_MILLIS);
        owner.ask();
    }
}
