package dev.turnout.notify;

import dev.turnout.config.NotifyEvent;
import dev.turnout.store.BoundedJson;
import dev.turnout.switching.ChangeEvent;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.Set;

/**
 * Something that people may want to be told of.
 *
 * @param service the name of the service; empty for certificates
 * @param detail the JSON form of what happened, at most {@value #MOST_BYTES} bytes
 */
record News(NotifyEvent event, Optional<String> service, JsonObject detail) {

    /** A queue holds many of them. */
    private static final int MOST_BYTES = 16 << 10;

    /** Refusals for another reason are of use to nobody but the caller, who knows. */
    private static final Set<String> TROUBLE = Set.of(
            "UNHEALTHY", "REHEARSAL", "NOT_WARM", "DRIFT", "STATE_NOT_SAVED", "NOT_PUBLISHED", "BAD_CONFIGURATION");

    News {
        detail = BoundedJson.within(detail, MOST_BYTES);
    }

    /** Returns what people are told of an event of a service; empty if it is no news. */
    static Optional<News> of(ChangeEvent event) {
        JsonObject detail = event.detail();
        return kind(event).map(kind -> new News(kind, Optional.of(event.service()), detail));
    }

    private static Optional<NotifyEvent> kind(ChangeEvent event) {
        JsonObject detail = event.detail();
        return switch (event.kind()) {
            case "switched" -> Optional.of(isBack(detail) ? NotifyEvent.SWITCHED_BACK : NotifyEvent.DEPLOYED);
            case "refused" -> isTrouble(event) ? Optional.of(NotifyEvent.REFUSED) : Optional.empty();
            case "changed" ->
                detail.containsKey("maintenance") ? Optional.of(NotifyEvent.MAINTENANCE) : Optional.empty();
            case "outage" -> outage(detail);
            default -> Optional.empty();
        };
    }

    /** A receipt from a slot to itself is that of a watch that found the other slot worse. */
    private static boolean isBack(JsonObject receipt) {
        String from = text(receipt, "from");
        return !from.isEmpty() && from.equals(text(receipt, "to"))
                || text(receipt, "what").startsWith("rollback");
    }

    private static boolean isTrouble(ChangeEvent refusal) {
        return !refusal.isDryRun()
                && refusal.detail().getValue("problem") instanceof JsonObject problem
                && TROUBLE.contains(text(problem, "reason"));
    }

    /** An outage of one target among others is no outage of the service. */
    private static Optional<NotifyEvent> outage(JsonObject outage) {
        if (outage.containsKey("target")) {
            return Optional.empty();
        }
        return Optional.of(
                text(outage, "verdict").equals("outage-began") ? NotifyEvent.SERVICE_DOWN : NotifyEvent.SERVICE_BACK);
    }

    private static String text(JsonObject json, String member) {
        return json.getValue(member) instanceof String text ? text : "";
    }
}
