package dev.turnout.e2e;

import dev.turnout.support.RawClient;
import dev.turnout.support.wire.ChunkedInput;
import dev.turnout.support.wire.EventReader;
import dev.turnout.support.wire.Response;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;

/** A client of server-sent events, which reads each as it arrives. For one thread. */
final class EventStreamClient implements AutoCloseable {

    private final RawClient raw;
    private final Response head;
    private final EventReader events;

    private EventStreamClient(RawClient raw, Response head) {
        this.raw = raw;
        this.head = head;
        boolean chunked = head.fields().has("Transfer-Encoding");
        this.events = new EventReader(chunked ? new ChunkedInput(raw.in()) : raw.in());
    }

    /** Asks for a stream and waits for the head of the answer. */
    static EventStreamClient open(RawClient raw, String version) throws IOException {
        raw.send("GET /events " + version + "\r\nHost: app.example\r\nAccept: text/event-stream\r\n\r\n");
        // The head only: the events are still to come.
        return new EventStreamClient(raw, raw.read("HEAD"));
    }

    Response head() {
        return head;
    }

    /** Waits for the next event; empty at the end. */
    Optional<String> next() throws IOException {
        return events.next();
    }

    /** How long it was told to wait before it asks again; empty if it was not told. */
    OptionalInt retryMillis() {
        return events.retryMillis();
    }

    /** The connection, for what comes behind the end of the stream. */
    RawClient raw() {
        return raw;
    }

    @Override
    public void close() throws IOException {
        raw.close();
    }
}
