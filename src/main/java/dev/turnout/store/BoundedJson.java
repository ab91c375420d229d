package dev.turnout.store;

import dev.turnout.routing.VisibleText;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The rule by which JSON that is too long becomes shorter. The result is JSON of the same shape.
 *
 * <p>Long texts are shortened as {@link VisibleText} does it. Of a long array or object the first members stay, and the
 * member {@value #OMITTED} of the object around it says how many others there were. The member {@value #SHORTENED} is
 * true then. Less and less stays until the rest fits.
 */
public final class BoundedJson {

    static final String SHORTENED = "shortened";
    static final String OMITTED = "omitted";

    private static final List<Measure> MEASURES = List.of(
            new Measure(1_024, 100),
            new Measure(512, 50),
            new Measure(256, 20),
            new Measure(128, 8),
            new Measure(96, 2));

    private BoundedJson() {}

    /** How much stays of each text, and of each array or object. */
    private record Measure(int characters, int members) {}

    /**
     * Returns the object itself if it fits, or else a shorter one.
     *
     * @param most how many bytes of UTF-8 it may take, 4,096 or more
     */
    public static JsonObject within(JsonObject json, int most) {
        if (fits(json, most)) {
            return json;
        }
        for (Measure measure : MEASURES) {
            JsonObject shorter = shorter(json, measure).put(SHORTENED, true);
            if (fits(shorter, most)) {
                return shorter;
            }
        }
        return plainMembers(json);
    }

    private static boolean fits(JsonObject json, int most) {
        return json.encode().getBytes(StandardCharsets.UTF_8).length <= most;
    }

    private static JsonObject shorter(JsonObject json, Measure measure) {
        JsonObject shorter = new JsonObject();
        JsonObject omitted = new JsonObject();
        int kept = 0;
        for (Map.Entry<String, Object> member : json) {
            if (kept++ < measure.members()) {
                String name = VisibleText.of(member.getKey(), measure.characters());
                shorter.put(name, shorter(member.getValue(), measure));
                if (member.getValue() instanceof JsonArray array && array.size() > measure.members()) {
                    omitted.put(name, array.size() - measure.members());
                }
            }
        }
        if (kept > measure.members()) {
            omitted.put("members", kept - measure.members());
        }
        return omitted.isEmpty() ? shorter : shorter.put(OMITTED, omitted);
    }

    private static Object shorter(Object value, Measure measure) {
        if (value instanceof String text) {
            return VisibleText.of(text, measure.characters());
        }
        if (value instanceof JsonObject object) {
            return shorter(object, measure);
        }
        if (value instanceof JsonArray array) {
            JsonArray shorter = new JsonArray();
            array.stream().limit(measure.members()).forEach(each -> shorter.add(shorter(each, measure)));
            return shorter;
        }
        return value;
    }

    /** Returns only the first members that are texts or numbers. */
    private static JsonObject plainMembers(JsonObject json) {
        JsonObject plain = new JsonObject();
        for (Map.Entry<String, Object> member : json) {
            Object value = member.getValue();
            boolean isPlain = !(value instanceof JsonObject || value instanceof JsonArray);
            if (isPlain && plain.size() < 8) {
                plain.put(
                        VisibleText.of(member.getKey(), 64),
                        value instanceof String text ? VisibleText.of(text, 96) : value);
            }
        }
        return plain.put(SHORTENED, true);
    }
}
