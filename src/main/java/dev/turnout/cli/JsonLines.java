package dev.turnout.cli;

import io.vertx.core.json.JsonObject;
import io.vertx.core.json.jackson.JacksonCodec;

/** JSON as it is printed for programs. Data binding is not used, since it takes long to load. */
final class JsonLines {

    private JsonLines() {}

    /** Returns an object, laid out for people too. */
    static String of(JsonObject object) {
        return new JacksonCodec().toString(object, true);
    }

    /** Returns an object in one line. */
    static String line(JsonObject object) {
        return new JacksonCodec().toString(object, false);
    }
}
