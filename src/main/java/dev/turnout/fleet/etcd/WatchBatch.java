package dev.turnout.fleet.etcd;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * One message of a watch: what one or more whole revisions have changed.
 *
 * @param header whose revision is as new as the store was; not where the watch goes on
 * @param events in their order; none in the first message
 */
public record WatchBatch(Header header, List<Event> events) {

    public WatchBatch {
        events = List.copyOf(events);
    }

    /**
     * One change of a key.
     *
     * @param key as it is now; of a deleted key only the name and the revision of the deletion
     */
    public record Event(KeyValue key, boolean isDeleted) {}

    /**
     * Reads one line of the stream.
     *
     * @throws WatchEnded if it is the last one
     */
    static WatchBatch read(String line) throws WatchEnded {
        JsonObject message = GatewayJson.object(line);
        if (message.containsKey("error")) {
            throw WatchEnded.because(GatewayErrors.message(message));
        }
        if (!(message.getValue("result") instanceof JsonObject result)) {
            throw new IllegalArgumentException("a message of the watch has no result");
        }
        long compacted = GatewayJson.number(result, "compact_revision");
        if (compacted != 0) {
            throw WatchEnded.compacted(compacted);
        }
        if (Boolean.TRUE.equals(result.getValue("canceled"))) {
            throw WatchEnded.because(
                    result.getValue("cancel_reason") instanceof String reason ? reason : "etcd has cancelled it");
        }
        return new WatchBatch(GatewayJson.header(result), events(result));
    }

    private static List<Event> events(JsonObject result) {
        List<Event> events = new ArrayList<>();
        for (Object entry : GatewayJson.array(result, "events")) {
            if (!(entry instanceof JsonObject event) || !(event.getValue("kv") instanceof JsonObject key)) {
                throw new IllegalArgumentException("an event of the watch has no key");
            }
            events.add(new Event(GatewayJson.keyValue(key), "DELETE".equals(event.getValue("type"))));
        }
        return events;
    }
}
