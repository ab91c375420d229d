package dev.turnout.fleet.etcd;

import dev.turnout.store.JsonText;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of etcd's gateway. Keys and values are base64, 64-bit numbers are texts, and a member that is missing has its
 * default: 0, false, nothing. All methods throw {@link IllegalArgumentException} for what is something else.
 */
final class GatewayJson {

    private GatewayJson() {}

    /** Reads one object. */
    static JsonObject object(String text) {
        try {
            return JsonText.object(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the answer is not JSON", e);
        }
    }

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    static JsonObject key(String key) {
        return new JsonObject().put("key", base64(key));
    }

    /** Returns the range of all keys that begin with a prefix, which is not empty and ends with no byte 255. */
    static JsonObject prefix(String prefix) {
        byte[] end = prefix.getBytes(StandardCharsets.UTF_8);
        end[end.length - 1]++;
        return key(prefix).put("rangeEnd", Base64.getEncoder().encodeToString(end));
    }

    /** Returns the range of all keys from one on, up to another one that is not part of it. */
    static JsonObject between(String from, String before) {
        return key(from).put("rangeEnd", base64(before));
    }

    static JsonObject compare(String key, String target, String result, String member, long value) {
        return key(key).put("target", target).put("result", result).put(member, String.valueOf(value));
    }

    static Header header(JsonObject answer) {
        JsonObject header = answer.getValue("header") instanceof JsonObject found ? found : new JsonObject();
        return new Header(header.getValue("cluster_id") instanceof String id ? id : "", number(header, "revision"));
    }

    static List<KeyValue> keys(JsonObject answer) {
        List<KeyValue> keys = new ArrayList<>();
        for (Object entry : array(answer, "kvs")) {
            if (!(entry instanceof JsonObject key)) {
                throw new IllegalArgumentException("a key of the answer is no object");
            }
            keys.add(keyValue(key));
        }
        return keys;
    }

    static KeyValue keyValue(JsonObject key) {
        return new KeyValue(
                text(key.getValue("key")),
                text(key.getValue("value")),
                number(key, "create_revision"),
                number(key, "mod_revision"),
                number(key, "lease"));
    }

    static JsonArray array(JsonObject json, String name) {
        Object value = json.getValue(name);
        if (value == null) {
            return new JsonArray();
        }
        if (value instanceof JsonArray array) {
            return array;
        }
        throw new IllegalArgumentException("'" + name + "' of the answer is no list");
    }

    /** Returns the text of a base64 value; the empty text if it is missing. */
    private static String text(@Nullable Object value) {
        if (value == null) {
            return "";
        }
        if (value instanceof String base64) {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
        }
        throw new IllegalArgumentException("a key or value of the answer is not base64");
    }

    /** Returns a 64-bit number; 0 if it is missing. */
    static long number(JsonObject json, String name) {
        Object value = json.getValue(name);
        if (value == null) {
            return 0;
        }
        if (value instanceof String digits) {
            return Long.parseLong(digits);
        }
        if (value instanceof Integer || value instanceof Long) {
            return ((Number) value).longValue();
        }
        throw new IllegalArgumentException("'" + name + "' of the answer is not a whole number");
    }
}
