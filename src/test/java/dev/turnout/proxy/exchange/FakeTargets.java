package dev.turnout.proxy.exchange;

import dev.turnout.proxy.route.TargetState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gives the streams that a test has put in, and keeps whoever waits for a fresh one. */
final class FakeTargets implements TargetSource {

    final Deque<FakeTargetStream> idle = new ArrayDeque<>();
    final Deque<Waiter> waiting = new ArrayDeque<>();
    final List<FakeTargetStream> all = new ArrayList<>();

    /** Whether whoever connects has to wait for a connection of somebody else's. */
    boolean isFull;

    @Override
    public TargetStream take(TargetState target, ClientEnds client, boolean isReplayable) {
        return idle.poll();
    }

    @Override
    public @Nullable Place connect(TargetState target, ClientEnds client, Waiter waiter) {
        waiting.add(waiter);
        if (!isFull) {
            return null;
        }
        return () -> waiting.remove(waiter);
    }

    /** Opens the connection that has been waited for longest. */
    FakeTargetStream open() {
        return open(stream());
    }

    /** Gives this stream to the attempt that has waited for longest. */
    FakeTargetStream open(FakeTargetStream stream) {
        if (!waiting.remove().opened(stream)) {
            stream.close();
        }
        return stream;
    }

    /** Returns a new stream, which comes back to be idle if it is kept. */
    FakeTargetStream stream() {
        FakeTargetStream stream = new FakeTargetStream(idle);
        all.add(stream);
        return stream;
    }

    /** Refuses the connection that has been waited for longest. */
    void refuse(Throwable cause) {
        waiting.remove().failed(cause);
    }
}
