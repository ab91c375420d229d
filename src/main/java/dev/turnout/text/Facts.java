package dev.turnout.text;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A reader of JSON that may lack any member: a remote Turnout may be older or newer. */
public record Facts(JsonObject json) {

    /** Returns a text or a number as text; empty if it is missing or null. */
    Optional<String> text(String name) {
        Object value = json.getValue(name);
        return value == null || value instanceof JsonObject || value instanceof JsonArray
                ? Optional.empty()
                : Optional.of(value.toString());
    }

    /** Returns a text, or a question mark if it is missing. */
    String word(String name) {
        return text(name).orElse("?");
    }

    boolean flag(String name) {
        return Boolean.TRUE.equals(json.getValue(name));
    }

    /** Returns a number; 0 if it is missing. */
    double number(String name) {
        return json.getValue(name) instanceof Number number ? number.doubleValue() : 0;
    }

    /** Returns a whole number; 0 if it is missing. */
    long whole(String name) {
        return (long) number(name);
    }

    /** Returns a member that is an object; empty if it is missing or null. */
    Optional<Facts> object(String name) {
        return json.getValue(name) instanceof JsonObject object ? Optional.of(new Facts(object)) : Optional.empty();
    }

    /** Returns the objects of an array. */
    public List<Facts> objects(String name) {
        return json.getValue(name) instanceof JsonArray array
                ? array.stream()
                        .filter(JsonObject.class::isInstance)
                        .map(object -> new Facts((JsonObject) object))
                        .toList()
                : List.of();
    }

    /** Returns the texts of an array. */
    List<String> texts(String name) {
        return json.getValue(name) instanceof JsonArray array
                ? array.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** Returns milliseconds in a form for people: {@code 340 ms}, {@code 2.5 s}, {@code 60 s}. */
    String time(String name) {
        long millis = whole(name);
        if (millis < 1_000) {
            return millis + " ms";
        }
        return millis % 1_000 == 0 || millis >= 10_000
                ? Math.round(millis / 1_000.0) + " s"
                : String.format(Locale.ROOT, "%.1f s", millis / 1_000.0);
    }

    /** Returns what serves: {@code blue 127.0.0.1:8080, version 1.4.1}. Of {@code serving}. */
    String serving(Language in) {
        String targets = texts("targets").stream().collect(Collectors.joining(", "));
        return word("slot")
                + (targets.isEmpty() ? "" : " " + targets)
                + text("version")
                        .map(version -> in.of(", version ", ", 버전 ") + version)
                        .orElse("");
    }

    /** Returns what is to be added where all clients but a few get 503; else nothing. Of {@code serving}. */
    String maintenance(Language in) {
        return flag("maintenance")
                ? in.of("; maintenance is on, so clients get 503", "; 점검 중이므로 클라이언트는 503을 받습니다")
                : "";
    }

    /** Returns who asked for a change, as far as it is known. */
    String asker() {
        return text("by").map(by -> by + ", " + word("who")).orElseGet(() -> word("who"));
    }
}
