package dev.turnout.client;

import io.vertx.core.json.JsonObject;

/** A listener to the events of a service. Called on the thread that reads them. */
@FunctionalInterface
public interface AdminEventListener {

    /**
     * Called for each event.
     *
     * @param kind such as {@code status}, which is the first one, {@code probe} or {@code switched}
     * @param detail the event's JSON
     * @return true to hear more
     */
    boolean heard(String kind, JsonObject detail);
}
