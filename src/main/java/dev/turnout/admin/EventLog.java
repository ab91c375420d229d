package dev.turnout.admin;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The last events of all services, numbered. A stream reads them at its own pace, and goes on after a lost connection where
 * it was. The log is bounded in events and in bytes: the oldest events leave first. Any thread.
 */
final class EventLog {

    private static final int MOST_EVENTS = 2_048;
    private static final long MOST_BYTES = 2 << 20;

    private final String process;
    private final @Nullable LoggedEvent[] ring = new LoggedEvent[MOST_EVENTS];
    private long bytes;
    private long oldest = 1;
    private long next = 1;

    /** @param process tells this process from earlier ones, whose numbers mean other events */
    EventLog(String process) {
        this.process = process;
    }

    /** Appends an event of a service, or of all services if there is no name. */
    synchronized void add(Optional<String> service, String kind, JsonObject detail) {
        LoggedEvent event = new LoggedEvent(service, numbered(next, kind, detail));
        if (next - oldest == MOST_EVENTS) {
            dropOldest();
        }
        ring[place(next)] = event;
        next++;
        bytes += event.text().length;
        while (bytes > MOST_BYTES) {
            dropOldest();
        }
    }

    private void dropOldest() {
        LoggedEvent gone = ring[place(oldest)];
        ring[place(oldest)] = null;
        oldest++;
        bytes -= gone == null ? 0 : gone.text().length;
    }

    private static int place(long number) {
        return (int) (number % MOST_EVENTS);
    }

    /** Returns the number that the next event gets. */
    synchronized long next() {
        return next;
    }

    /** Returns true if the event of a number, and so those after it, are not held any more. */
    synchronized boolean hasLost(long number) {
        return number < oldest;
    }

    /** Returns the event of a number; empty if there is none yet, or it is not held any more. */
    synchronized Optional<LoggedEvent> event(long number) {
        return number < oldest || number >= next ? Optional.empty() : Optional.ofNullable(ring[place(number)]);
    }

    /**
     * Returns the number of the event that follows the last one that a reader has got.
     *
     * @param lastId what the reader has sent as Last-Event-ID
     * @return empty if that event is not held any more, or is of another process
     */
    synchronized OptionalLong after(String lastId) {
        int dash = lastId.lastIndexOf('-');
        if (dash < 0 || !lastId.substring(0, dash).equals(process)) {
            return OptionalLong.empty();
        }
        try {
            long number = Long.parseLong(lastId.substring(dash + 1)) + 1;
            return number >= oldest && number <= next ? OptionalLong.of(number) : OptionalLong.empty();
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** Returns an event as text with its number. */
    byte[] numbered(long number, String kind, JsonObject detail) {
        return ("id: " + process + "-" + number + "\n" + text(kind, detail)).getBytes(StandardCharsets.UTF_8);
    }

    /** Returns an event as text without a number: a reader that has lost the event does not get it again. */
    static byte[] unnumbered(String kind, JsonObject detail) {
        return text(kind, detail).getBytes(StandardCharsets.UTF_8);
    }

    private static String text(String kind, JsonObject detail) {
        return "event: " + kind + "\ndata: " + detail.encode() + "\n\n";
    }
}
