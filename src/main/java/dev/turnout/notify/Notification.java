package dev.turnout.notify;

import dev.turnout.config.NotifyEvent;
import dev.turnout.text.Language;
import dev.turnout.text.NotificationText;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * A message that is to be sent to receivers.
 *
 * @param id the same at each try, so that a receiver knows a message that it has got already
 * @param news empty for a message that tries whether a receiver can be told
 */
record Notification(String id, Instant at, Optional<News> news) {

    static Notification of(News news, Instant at) {
        return new Notification(UUID.randomUUID().toString(), at, Optional.of(news));
    }

    static Notification test(Instant at) {
        return new Notification(UUID.randomUUID().toString(), at, Optional.empty());
    }

    /** Returns the word of the event, as in {@code turnout.notify.events}. */
    String event() {
        return news.map(known -> known.event().name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .orElse("test");
    }

    Optional<String> service() {
        return news.flatMap(News::service);
    }

    JsonObject detail() {
        return news.map(News::detail).orElseGet(JsonObject::new);
    }

    NotificationText text(Language in) {
        return news.map(known -> text(known, in)).orElseGet(() -> NotificationText.ofTest(in));
    }

    private static NotificationText text(News news, Language in) {
        String service = news.service().orElse("");
        JsonObject detail = news.detail();
        NotifyEvent event = news.event();
        return switch (event) {
            case MAINTENANCE -> NotificationText.ofMaintenance(service, detail, in);
            case DEPLOYED -> NotificationText.ofSwitch(service, detail, in);
            case SWITCHED_BACK -> NotificationText.ofSwitchBack(service, detail, in);
            case REFUSED -> NotificationText.ofRefusal(service, detail, in);
            case SERVICE_DOWN -> NotificationText.ofOutage(service, detail, in);
            case SERVICE_BACK -> NotificationText.ofReturn(service, detail, in);
            case CERTIFICATE -> NotificationText.ofCertificate(detail, in);
        };
    }
}
