package dev.turnout.support;

import dev.turnout.support.wire.Body;
import dev.turnout.support.wire.ReceivedHead;
import java.util.Optional;

/** One request that arrived at a {@link Backend}: its head, and its body once that is whole. */
public final class Arrival {

    private final int connection;
    private final long nanoTime;
    private final ReceivedHead head;
    private volatile Body body;

    Arrival(int connection, long nanoTime, ReceivedHead head) {
        this.connection = connection;
        this.nanoTime = nanoTime;
        this.head = head;
    }

    /** Which connection of the backend it came on: the same number, the same connection. */
    public int connection() {
        return connection;
    }

    /** When its head was whole, by {@link System#nanoTime()}. */
    public long nanoTime() {
        return nanoTime;
    }

    public ReceivedHead head() {
        return head;
    }

    public Optional<Body> body() {
        return Optional.ofNullable(body);
    }

    void complete(Body whole) {
        body = whole;
    }

    @Override
    public String toString() {
        return head + " on connection " + connection;
    }
}
