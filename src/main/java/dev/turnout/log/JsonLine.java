package dev.turnout.log;

import io.vertx.core.json.JsonObject;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;
import org.jboss.logmanager.ExtLogRecord;

/**
 * A line for programs: one JSON object with {@code time}, {@code level}, {@code message}, {@code service} if the message
 * begins with a service's name, and {@code trace} if there is a stack trace.
 */
final class JsonLine extends LogText {

    private static final String BEHIND_SERVICE = ": ";

    private final DateTimeFormatter times;
    private final Set<String> services;

    /** @param services the names of all services */
    JsonLine(ZoneId zone, Set<String> services) {
        this.times = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxxx", Locale.ROOT)
                .withZone(zone);
        this.services = Set.copyOf(services);
    }

    @Override
    String line(ExtLogRecord record, String message, String trace) {
        JsonObject line = new JsonObject()
                .put("time", times.format(record.getInstant()))
                .put("level", word(record))
                .put("message", message);
        int end = message.indexOf(BEHIND_SERVICE);
        if (end > 0 && services.contains(message.substring(0, end))) {
            line.put("service", message.substring(0, end));
        }
        if (!trace.isEmpty()) {
            line.put("trace", trace);
        }
        return line.encode() + "\n";
    }
}
