package dev.turnout;

import io.vertx.core.json.jackson.JacksonCodec;
import io.vertx.core.spi.JsonFactory;
import io.vertx.core.spi.json.JsonCodec;

/**
 * Has JSON of Vert.x read and written token by token. Quarkus' own way binds it to classes, which nothing here needs: it
 * takes long to load, and makes the executable larger. Java's {@link java.util.ServiceLoader} makes it. Any thread.
 */
public final class StreamedJson implements JsonFactory {

    @Override
    public int order() {
        return 0;
    }

    @Override
    public JsonCodec codec() {
        return new JacksonCodec();
    }
}
