package dev.turnout.fleet;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Strict reading of members of JSON. All methods throw {@link IllegalArgumentException} with half a sentence. */
final class Members {

    private Members() {}

    static <T> T of(JsonObject json, String name, Class<T> type) {
        Object value = json.getValue(name);
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException("'" + name + "' is " + (value == null ? "missing" : "of another type"));
        }
        return type.cast(value);
    }

    /** Returns a text of at most so many characters. */
    static String text(JsonObject json, String name, int most) {
        String text = of(json, name, String.class);
        if (text.length() > most) {
            throw new IllegalArgumentException("'" + name + "' has more than " + most + " characters");
        }
        return text;
    }

    static long whole(JsonObject json, String name) {
        Number number = of(json, name, Number.class);
        if (!(number instanceof Integer || number instanceof Long)) {
            throw new IllegalArgumentException("'" + name + "' is not a whole number");
        }
        return number.longValue();
    }

    static <E extends Enum<E>> E word(JsonObject json, String name, Class<E> type) {
        return Enum.valueOf(
                type, of(json, name, String.class).toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    static String word(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns an object of texts, with at most so many members. */
    static SortedMap<String, String> texts(JsonObject json, String name, int members, int characters) {
        JsonObject object = of(json, name, JsonObject.class);
        if (object.size() > members) {
            throw new IllegalArgumentException("'" + name + "' has more than " + members + " members");
        }
        TreeMap<String, String> texts = new TreeMap<>();
        object.fieldNames().forEach(key -> texts.put(key, text(object, key, characters)));
        return texts;
    }

    static SortedSet<String> set(JsonObject json, String name, int members) {
        JsonArray array = of(json, name, JsonArray.class);
        if (array.size() > members) {
            throw new IllegalArgumentException("'" + name + "' has more than " + members + " members");
        }
        TreeSet<String> texts = new TreeSet<>();
        for (Object entry : array) {
            if (!(entry instanceof String text)) {
                throw new IllegalArgumentException("'" + name + "' holds something that is no text");
            }
            texts.add(text);
        }
        return texts;
    }
}
