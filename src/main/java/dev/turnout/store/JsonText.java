package dev.turnout.store;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;

/** The reader of text that has to be exactly one JSON object. Any thread. */
public final class JsonText {

    private JsonText() {}

    /**
     * Reads the text.
     *
     * @throws IllegalArgumentException if it is anything but one whole JSON object
     */
    public static JsonObject object(String text) {
        try {
            JsonObject object = new JsonObject(text);
            if (object.getMap() != null) {
                return object;
            }
        } catch (DecodeException | ClassCastException e) {
            throw new IllegalArgumentException("it is not one whole JSON object", e);
        }
        throw new IllegalArgumentException("it is not one whole JSON object");
    }
}
