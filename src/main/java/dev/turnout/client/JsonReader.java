package dev.turnout.client;

import dev.turnout.routing.VisibleText;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The reader of JSON from outside. Each text in the result is visible text. */
final class JsonReader {

    private JsonReader() {}

    /** Returns the object that the text is; empty if the text is anything else. */
    static Optional<JsonObject> object(String text) {
        try {
            Object value = Json.decodeValue(text);
            return value instanceof JsonObject object ? Optional.of(visible(object)) : Optional.empty();
        } catch (DecodeException | ClassCastException e) {
            return Optional.empty();
        }
    }

    private static JsonObject visible(JsonObject object) {
        JsonObject visible = new JsonObject();
        for (Map.Entry<String, Object> member : object) {
            visible.put(VisibleText.of(member.getKey()), visible(member.getValue()));
        }
        return visible;
    }

    private static @Nullable Object visible(@Nullable Object value) {
        if (value instanceof String text) {
            return VisibleText.of(text);
        }
        if (value instanceof JsonObject object) {
            return visible(object);
        }
        if (value instanceof JsonArray array) {
            JsonArray visible = new JsonArray();
            array.forEach(each -> visible.add(visible(each)));
            return visible;
        }
        return value;
    }
}
