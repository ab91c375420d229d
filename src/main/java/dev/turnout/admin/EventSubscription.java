package dev.turnout.admin;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One reader of the event stream. It is written to as long as it reads, and holds nothing but what the socket has not taken:
 * the events wait in the {@link EventLog}. Event loop only, but for {@link #wake}, {@link #offer} and {@link #offerFleet}.
 */
final class EventSubscription {

    private static final byte[] BEAT = ": still here\n\n".getBytes(StandardCharsets.UTF_8);

    private static final int MOST_BYTES_OF_WRITE = 32 << 10;

    private final HttpServerResponse response;
    private final Context loop;
    private final EventLog log;
    private final Optional<String> service;
    private final Function<String, Optional<JsonObject>> status;
    private final Supplier<Optional<JsonObject>> fleet;
    private final Deque<String> greetings = new ArrayDeque<>();
    private final AtomicBoolean isAwake = new AtomicBoolean();
    private long next;
    private boolean hasStalled;

    /** Whether the reader may not know what the fleet is like. */
    private boolean lacksFleet;

    /**
     * @param service whose events are sent; empty for those of all services
     * @param status gives the status of a service, if there still is such a service
     * @param fleet gives what the fleet is like; empty outside of a fleet
     */
    EventSubscription(
            HttpServerResponse response,
            Context loop,
            EventLog log,
            Optional<String> service,
            Function<String, Optional<JsonObject>> status,
            Supplier<Optional<JsonObject>> fleet) {
        this.response = response;
        this.loop = loop;
        this.log = log;
        this.service = service;
        this.status = status;
        this.fleet = fleet;
        response.drainHandler(drained -> {
            hasStalled = false;
            flow();
        });
    }

    /** Begins with the fleet and the status of services, and goes on with what happens from now on. */
    void begin(List<String> services) {
        next = log.next();
        tellFleet();
        greetings.addAll(services);
        if (services.isEmpty()) {
            write(BEAT);
        }
        flow();
    }

    /** Begins anew for a reader that has lost events: {@code reset} tells it that what it knows is old. */
    void beginAnew(List<String> services) {
        write(EventLog.unnumbered("reset", new JsonObject().put("services", services)));
        begin(services);
    }

    /** Goes on with the event of a number, and with the fleet behind the events that the reader has missed. */
    void resume(long number) {
        next = number;
        lacksFleet = true;
        write(BEAT);
        flow();
    }

    /** Called when the log has a further event. */
    void wake() {
        if (isAwake.compareAndSet(false, true)) {
            loop.runOnContext(now -> {
                isAwake.set(false);
                flow();
            });
        }
    }

    /** Sends what is worth something only now, unless the reader is behind. */
    void offer(List<LoggedEvent> passing) {
        loop.runOnContext(now -> passing.stream()
                .filter(event -> event.isFor(service) && greetings.isEmpty() && isReading())
                .forEach(event -> write(event.text())));
    }

    /** Sends what the fleet is like, as soon as the reader has got everything before. */
    void offerFleet() {
        loop.runOnContext(now -> {
            lacksFleet = true;
            flow();
        });
    }

    private void tellFleet() {
        lacksFleet = false;
        fleet.get().ifPresent(now -> write(EventLog.unnumbered(FleetEvents.KIND, now)));
    }

    /** Called regularly. Disconnects a reader that has taken nothing since the last time. */
    void beat() {
        if (response.closed()) {
            return;
        }
        boolean isStalled = response.writeQueueFull();
        if (isStalled && hasStalled) {
            response.reset();
        } else if (!isStalled) {
            write(BEAT);
        }
        hasStalled = isStalled;
    }

    private boolean isReading() {
        return !response.closed() && !response.writeQueueFull();
    }

    private void flow() {
        while (isReading()) {
            if (greetings.isEmpty() && log.hasLost(next)) {
                response.reset();
                return;
            }
            Buffer piece = greetings.isEmpty() ? happened() : greeting(greetings.removeFirst());
            if (piece.length() == 0 && greetings.isEmpty()) {
                if (lacksFleet) {
                    tellFleet();
                }
                return;
            }
            if (piece.length() > 0) {
                response.write(piece);
            }
        }
    }

    /** Returns the next events, as many as a write takes; none if there are none yet. */
    private Buffer happened() {
        Buffer piece = Buffer.buffer();
        Optional<LoggedEvent> event = log.event(next);
        while (event.isPresent() && piece.length() < MOST_BYTES_OF_WRITE) {
            next++;
            event.filter(logged -> logged.isFor(service)).ifPresent(logged -> piece.appendBytes(logged.text()));
            event = log.event(next);
        }
        return piece;
    }

    /** Returns a status. Only the last one has a number: a reader that has not got all of them needs all of them again. */
    private Buffer greeting(String name) {
        return status.apply(name)
                .map(now -> greetings.isEmpty()
                        ? log.numbered(next - 1, "status", now)
                        : EventLog.unnumbered("status", now))
                .map(Buffer::buffer)
                .orElseGet(Buffer::buffer);
    }

    private void write(byte[] text) {
        response.write(Buffer.buffer(text));
    }
}
