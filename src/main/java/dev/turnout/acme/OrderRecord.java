package dev.turnout.acme;

import dev.turnout.store.JsonText;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What is remembered of the orders of one certificate, over restarts too.
 *
 * @param order an order that has begun and has not ended
 * @param fence the number of the right that the order was made under
 * @param failures the tries that have failed
 * @param suggestion what the authority has suggested for the renewal of the certificate in force
 */
record OrderRecord(Optional<URI> order, long fence, FailedTries failures, Suggestion suggestion) {

    static final OrderRecord NONE = new OrderRecord(Optional.empty(), 0, FailedTries.NONE, Suggestion.NONE);

    /** Returns this record without times that can't be right now: the clock was ahead when they were written. */
    OrderRecord asOf(Instant now) {
        return new OrderRecord(order, fence, failures.asOf(now), suggestion.asOf(now));
    }

    /** Returns this record with an order that has begun. */
    OrderRecord begun(URI location, long newFence) {
        return new OrderRecord(Optional.of(location), newFence, failures, suggestion);
    }

    /** Returns this record without an order, and with other failures. */
    OrderRecord with(FailedTries next) {
        return new OrderRecord(Optional.empty(), fence, next, suggestion);
    }

    /** Returns this record with the time of a line in the log. */
    OrderRecord told(FailedTries next) {
        return new OrderRecord(order, fence, next, suggestion);
    }

    /** Returns this record with another suggestion. */
    OrderRecord with(Suggestion next) {
        return new OrderRecord(order, fence, failures, next);
    }

    /**
     * Returns the record after a certificate was issued.
     *
     * @param hold no earlier order
     */
    OrderRecord issued(Instant hold) {
        return new OrderRecord(Optional.empty(), fence, failures.ended(hold), Suggestion.NONE);
    }

    String json() {
        JsonObject json = new JsonObject();
        order.ifPresent(location -> json.put("order", location.toString()));
        return json.put("fence", fence)
                        .put("failures", failures.json())
                        .put("suggestion", suggestion.json())
                        .encodePrettily()
                + "\n";
    }

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException if the text is another one
     */
    static OrderRecord parse(String text) {
        try {
            JsonObject json = JsonText.object(text);
            return new OrderRecord(
                    Optional.ofNullable(json.getString("order")).map(URI::create),
                    Objects.requireNonNullElse(json.getLong("fence"), 0L),
                    FailedTries.of(json.getJsonObject("failures", new JsonObject())),
                    Suggestion.of(json.getJsonObject("suggestion", new JsonObject())));
        } catch (IllegalArgumentException | ClassCastException | DateTimeException e) {
            throw new IllegalArgumentException("it is no record of orders", e);
        }
    }
}
