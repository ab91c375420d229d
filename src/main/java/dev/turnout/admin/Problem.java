package dev.turnout.admin;

import dev.turnout.routing.VisibleText;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A problem as RFC 9457 describes it.
 *
 * @param word the end of the {@code type}, for programs
 * @param status of the HTTP response
 * @param title the same for every problem of this type
 * @param detail what happened, which state is in force, and what to do; as {@link VisibleText}
 * @param more further members of the JSON form
 * @param headers further headers of the answer
 */
record Problem(String word, int status, String title, String detail, JsonObject more, Map<String, String> headers) {

    static final String CONTENT_TYPE = "application/problem+json";

    private static final String TYPE = "urn:turnout:problem:";

    private static final Pattern WORD = Pattern.compile("[a-z]+(-[a-z]+)*");

    Problem {
        if (!WORD.matcher(word).matches()) {
            throw new IllegalArgumentException("'" + word + "' makes no URI of a problem's type");
        }
        headers = Map.copyOf(headers);
        detail = VisibleText.of(detail, VisibleText.LONG);
    }

    static Problem of(String word, int status, String title, String detail) {
        return new Problem(word, status, title, detail, new JsonObject(), Map.of());
    }

    Problem with(String member, Object value) {
        return new Problem(word, status, title, detail, more.copy().put(member, value), headers);
    }

    /** Returns this problem with further members. */
    Problem with(JsonObject members) {
        return new Problem(word, status, title, detail, more.copy().mergeIn(members), headers);
    }

    Problem withHeader(String name, String value) {
        return new Problem(word, status, title, detail, more, Map.of(name, value));
    }

    JsonObject json() {
        return new JsonObject()
                .put("type", TYPE + word)
                .put("title", title)
                .put("status", status)
                .put("detail", detail)
                .mergeIn(more);
    }

    /** Returns the body of an answer. */
    String text() {
        return json().encodePrettily() + "\n";
    }
}
