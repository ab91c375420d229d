package dev.turnout.admin;

import dev.turnout.routing.VisibleText;
import dev.turnout.store.BoundedJson;
import dev.turnout.text.TlsText;
import dev.turnout.tls.CertificateEntry;
import dev.turnout.tls.CertificateListener;
import dev.turnout.tls.CertificateNews;
import dev.turnout.tls.CertificateProblem;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What happens to certificates, for those who watch: as JSON, the data of the event {@value #KIND}. Any thread. */
public final class CertificateEvents implements CertificateListener {

    static final String KIND = "certificate";

    /** A reader may have a few events waiting. */
    private static final int MOST_BYTES = 60 << 10;

    private final Supplier<List<CertificateEntry>> entries;
    private final Clock clock;
    private final List<Consumer<JsonObject>> listeners = new CopyOnWriteArrayList<>();

    /** @param entries gives all certificates */
    public CertificateEvents(Supplier<List<CertificateEntry>> entries, Clock clock) {
        this.entries = entries;
        this.clock = clock;
    }

    /** Adds a listener. The listener is called on the thread that an event happens on, and must not block. */
    public void listen(Consumer<JsonObject> listener) {
        listeners.add(listener);
    }

    /** Removes a listener that {@link #listen} has added. */
    void leave(Consumer<JsonObject> listener) {
        listeners.remove(listener);
    }

    @Override
    public void looked(CertificateNews news) {
        news.changed().forEach(entry -> announce(of(entry, news.at(), "certificate-renewed")));
        news.ending().forEach(entry -> announce(of(entry, news.at(), "certificate-ending")));
        news.problems().stream()
                .filter(problem -> !problem.isWarning())
                .forEach(problem -> announce(ofProblem(problem, news.at(), "certificate-failed")));
        news.over().stream()
                .filter(problem -> !problem.isWarning())
                .forEach(problem -> announce(ofProblem(problem, news.at(), "certificate-mended")));
    }

    /** Called when an order of a certificate has failed, with the words of the authority. */
    public void failed(List<String> names, TlsText reason) {
        announce(event(clock.instant(), "certificate-failed", names)
                .put("reason", visible(reason.english()))
                .put("because", reason.json()));
    }

    private JsonObject ofProblem(CertificateProblem problem, Instant at, String verdict) {
        List<String> names = entries.get().stream()
                .filter(entry -> entry.origin().equals(problem.origin()))
                .findFirst()
                .map(CertificateEntry::names)
                .orElse(List.of());
        return event(at, verdict, names)
                .put("file", problem.origin())
                .put("reason", visible(problem.text().english()))
                .put("because", problem.text().json());
    }

    private static JsonObject of(CertificateEntry entry, Instant at, String verdict) {
        JsonObject event = event(at, verdict, entry.names()).put("file", entry.origin());
        entry.notAfter().ifPresent(end -> event.put("notAfter", end.toString()));
        entry.daysLeft(at).ifPresent(days -> event.put("daysLeft", days));
        return event;
    }

    private static JsonObject event(Instant at, String verdict, List<String> names) {
        return new JsonObject()
                .put("at", at.toString())
                .put("verdict", verdict)
                .put(
                        "names",
                        new JsonArray(
                                names.stream().map(CertificateEvents::visible).toList()));
    }

    /** An authority's words, and names in a certificate, are written by others. */
    private static String visible(String text) {
        return VisibleText.of(text, VisibleText.LONG);
    }

    private void announce(JsonObject event) {
        JsonObject bounded = BoundedJson.within(event, MOST_BYTES);
        listeners.forEach(listener -> listener.accept(bounded));
    }
}
