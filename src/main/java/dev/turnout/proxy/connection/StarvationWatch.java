package dev.turnout.proxy.connection;

import dev.turnout.proxy.exchange.TargetStream;
import dev.turnout.proxy.loop.Deadlines;
import dev.turnout.proxy.route.TargetState;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether a target leaves a new connection without an answer because it serves one connection at a time: then the
 * idle connections to the target are closed, and its conduct is noted. Event loop only.
 */
final class StarvationWatch extends Deadlines.Entry {

    /** After so long without an answer a new connection may be waiting for an idle one to go. Milliseconds. */
    private static final long LEAST_MILLIS = 200;

    private final TargetContext context;
    private final TargetState target;
    private TargetStream.@Nullable Listener waiting;
    private boolean starved;

    StarvationWatch(TargetContext context, TargetState target) {
        this.context = context;
        this.target = target;
    }

    /** Begins to look, for the first exchange of a connection. */
    void begin(TargetStream.Listener listener) {
        waiting = listener;
        arm();
    }

    /** The time varies, so that a target whose answers always take as long is not taken for one that waits for room. */
    private void arm() {
        long jitter = ThreadLocalRandom.current().nextLong(LEAST_MILLIS);
        context.loop().deadlines().arm(this, LEAST_MILLIS + jitter);
    }

    @Override
    protected void timedOut() {
        if (waiting != null && waiting.hasNoResponse()) {
            starved = true;
            context.neighbours().closeIdle(target);
            arm();
        }
    }

    /** Called with the final response. */
    void answered() {
        if (starved) {
            starved = false;
            target.conduct().answeredAfterWait();
        }
    }

    /** Ends the look: the first exchange of the connection has ended. */
    void end() {
        waiting = null;
        context.loop().deadlines().remove(this);
    }
}
