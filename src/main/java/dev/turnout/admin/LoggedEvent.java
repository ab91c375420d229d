package dev.turnout.admin;

import java.util.Optional;

/**
 * An event as streams send it.
 *
 * @param service the name of its service; empty if the event is about all of them
 * @param text shared by all streams, and never changed
 */
record LoggedEvent(Optional<String> service, byte[] text) {

    /** Returns true if a stream has this event, by the service that the stream is about, or about all of them. */
    boolean isFor(Optional<String> wanted) {
        return wanted.isEmpty() || service.isEmpty() || service.equals(wanted);
    }
}
