package dev.turnout.fleet;

import dev.turnout.routing.Service;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** What a member does with its traffic for the fleet. Called by threads of the fleet; every method may block. */
public interface FleetTraffic {

    /** Returns the services that are configured here, as they are in force. Does not block. */
    Map<String, Service> services();

    /** Keeps new requests of a service. Nothing can be claimed under the decision in force when this returns. */
    void hold(String service);

    /** Returns how many requests of a service are kept now. */
    long kept(String service);

    /** Returns how many requests of a service are in flight now at its targets; -1 if that is not known. Does not block. */
    long inFlight(String service);

    /** Lets go the requests that {@link #hold} keeps. Nothing happens if none are kept. */
    void release(String service);

    /** Routes by a decision, and lets go what is kept. New requests are claimed by no earlier one when this returns. */
    void publish(Service decided);

    /** Returns the report of the drain of what a decision has left when the drain has ended: at most 8 KiB. */
    JsonObject drain(Service decided);

    /**
     * Returns what the slot from before a decision carried in the minutes before it, and what the slot that serves by it has
     * carried since: at most 32 KiB. Empty if this process did not see the decision come into force. Does not block.
     */
    Optional<JsonObject> seen(String service, long epoch);

    /** Returns what is wrong with the targets that a change would send requests to; the empty text if nothing is. */
    String prove(Service next);

    /** Returns how long {@link #prove} may take. */
    Duration gateTime(String service);

    /** Returns how long {@link #drain} may take. */
    Duration drainTime(String service);

    /**
     * Called when the requests of a service wait although the time in doubt is over, and when that is over. Does not block.
     */
    void heldInDoubt(String service, boolean isHeld);

    /** Called when the fleet is as it should be again, or is not, with half a sentence for operators. */
    void told(boolean isTrouble, String sentence);
}
