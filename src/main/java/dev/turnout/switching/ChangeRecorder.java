package dev.turnout.switching;

import dev.turnout.routing.CutRequest;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Slot;
import dev.turnout.routing.TargetChange;
import dev.turnout.store.Journal;
import dev.turnout.store.StoreFailed;
import dev.turnout.text.Counted;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jboss.logging.Logger;

/**
 * The record of changes in the journal and the log, and their events for listeners.
 *
 * <p>An entry of the journal: {@code at, service, who, by, version, note, what, verdict, revision, receipt}, or {@code problem{reason,
 * detail, gate}} instead of the receipt. A switch leaves two entries, {@code switched} and then {@code drained} or {@code cut}, so
 * that a crash in between leaves the first entry. A watch that finds the new slot worse leaves {@code switched-back}
 * between the two. If switching back failed, {@code worse} is the second entry. If a rollback ended the watch, {@code
 * taken-back} is the second entry. Any other change leaves {@code changed}, and the second entry if it left a target.
 */
final class ChangeRecorder {

    private static final Logger LOG = Logger.getLogger(ChangeRecorder.class);

    private final Journal journal;
    private final Announcer announcer;
    private final Clock clock;

    ChangeRecorder(Journal journal, Announcer announcer, Clock clock) {
        this.journal = journal;
        this.announcer = announcer;
        this.clock = clock;
    }

    /** Records that the new slot serves. Returns the receipt, with a warning if the journal could not be written. */
    Receipt switched(Change change, Receipt receipt) {
        LOG.infof(
                "%s: %s serves instead of %s, revision %d: %s, asked for by %s%s",
                receipt.service(),
                build(receipt, receipt.to()),
                build(receipt, receipt.from()),
                receipt.revision(),
                change.what(),
                change.note().asker(),
                change.note().note().map(note -> ": " + note).orElse(""));
        receipt.warnings().forEach(warning -> LOG.warnf("%s: %s", receipt.service(), warning));
        return tell(change, "switched", "switched", receipt);
    }

    /** Returns a slot with its version, if the version is known. */
    private static String build(Receipt receipt, Slot slot) {
        return slot
                + receipt.now()
                        .releases()
                        .version(slot)
                        .map(version -> " (version " + version + ")")
                        .orElse("");
    }

    /** Logs that a watch has ended, and the new slot goes on serving. */
    void watched(Change change, WatchReport report) {
        LOG.infof(
                "%s: slot %s was watched for %d ms, %s: %s",
                change.service(), report.to(), report.took().toMillis(), report.verdict(), report.reason());
    }

    /** Records that the new slot was found worse, but stays active. Returns the receipt as {@link #switched} does. */
    Receipt stayed(Change change, Receipt receipt) {
        receipt.warnings().forEach(warning -> LOG.errorf("%s: %s", receipt.service(), warning));
        return tell(change, "ended", "worse", receipt);
    }

    /** Records that the old slot serves again. Returns the receipt as {@link #switched} does. */
    Receipt flippedBack(Change change, WatchReport report, Receipt receipt) {
        LOG.errorf(
                "%s: SWITCHED BACK, slot %s serves again, revision %d: slot %s was worse, %s",
                receipt.service(), receipt.to(), receipt.revision(), report.to(), report.reason());
        return tell(change, "switched", "switched-back", receipt);
    }

    /** Records that a rollback ended the watch; the rollback writes its own entry. Returns the receipt as {@link #switched} does. */
    Receipt takenBack(Change change, Receipt receipt) {
        LOG.warnf(
                "%s: %s has ended, slot %s serves again, revision %d: it was taken back while slot %s was watched",
                receipt.service(),
                change.what(),
                receipt.to(),
                receipt.revision(),
                receipt.to().other());
        return tell(change, "ended", "taken-back", receipt);
    }

    /** Records that a change other than a switch is in force. Returns the report as {@link #switched} does. */
    <R extends Report<R>> R changed(Change change, R report) {
        LOG.infof(
                "%s: %s is in force, revision %d, asked for by %s",
                report.service(),
                change.what(),
                report.revision(),
                change.note().asker());
        report.warnings().forEach(warning -> LOG.warnf("%s: %s", report.service(), warning));
        return tell(change, "changed", "changed", report);
    }

    /**
     * Records the end of a drain. A drain with nothing in flight is a line of level DEBUG. Returns the report as {@link #switched} does.
     *
     * @param place that was drained, in words
     */
    <R extends Report<R>> R drained(Change change, String place, DrainReport drain, R report) {
        boolean isNews = !drain.drained() || drain.completed() > 0 || drain.webSocketsClosed() > 0;
        LOG.logf(
                isNews ? Logger.Level.INFO : Logger.Level.DEBUG,
                "%s: %s %s after %d ms: %s completed, %d of them ended as streams, %d cut, %d WebSockets closed",
                change.service(),
                place,
                drain.drained() ? "is drained" : "was not drained",
                drain.waitedMillis(),
                Counted.requests(drain.completed()),
                drain.streamsEnded(),
                drain.cut().count(),
                drain.webSocketsClosed());
        for (CutRequest cut : drain.cut().named()) {
            LOG.warnf(
                    "%s: cut %s %s at %s, %d ms old: its time in the drain was over",
                    change.service(), cut.method(), cut.path(), cut.target(), cut.ageMillis());
        }
        if (drain.cut().unnamed() > 0) {
            LOG.warnf(
                    "%s: cut %d more requests, which are not named",
                    change.service(), drain.cut().unnamed());
        }
        drain.notKnown().ifPresent(reason -> LOG.warnf("%s: %s", change.service(), reason));
        return tell(change, "ended", drain.drained() ? "drained" : "cut", report);
    }

    /** Tells listeners how far a step is. */
    void progress(ChangeEvent event) {
        announcer.announce(event);
    }

    /** Records that a configuration is in force, for each service that there is or was. */
    void reloaded(ReloadOrder order, List<TargetChange> changes, RoutingState now) {
        LOG.infof(
                "The configuration was loaded again, asked for by %s: %s",
                order.note().asker(), Counted.of(order.keys().size(), "key differs", "keys differ"));
        Set<String> names = new TreeSet<>(now.services().keySet());
        changes.forEach(change -> names.add(change.service()));
        for (String name : names) {
            JsonObject entry = reload(order, name, now.service(name).isPresent() ? "reloaded" : "removed")
                    .put("keys", order.keys());
            now.service(name).ifPresent(service -> entry.put("revision", service.revision()));
            announcer.announce(new ChangeEvent(name, "reloaded", entry));
            append(entry);
        }
    }

    /** Records what became of the requests at the targets that a reload has left. */
    void left(ReloadOrder order, TargetChange change, DrainReport drain) {
        LOG.infof(
                "%s: %s %s after %d ms, %s cut",
                change.service(),
                change.left(),
                drain.drained() ? "are drained" : "were not drained",
                drain.waitedMillis(),
                Counted.of(drain.cut().count(), "request was", "requests were"));
        append(reload(order, change.service(), drain.drained() ? "drained" : "cut")
                .put("drain", DrainJson.of(drain)));
    }

    private JsonObject reload(ReloadOrder order, String service, String verdict) {
        JsonObject entry =
                new JsonObject().put("at", clock.instant().toString()).put("service", service);
        return ChangeJson.who(entry, order.note()).put("what", "reload").put("verdict", verdict);
    }

    /** Records that a change was refused. */
    void refused(Change change, ChangeRefused refused) {
        LOG.warnf(
                "%s: %s, asked for by %s, was refused: %s",
                change.service(), change.what(), change.note().asker(), refused.getMessage());
        JsonObject problem =
                new JsonObject().put("reason", refused.reason().name()).put("detail", refused.getMessage());
        refused.gate().ifPresent(gate -> problem.put("gate", GateJson.of(gate, GateDetail.FAILURES)));
        announcer.announce(new ChangeEvent(
                change.service(), "refused", ChangeJson.of(change).put("problem", problem)));
        append(entry(change, "refused")
                .put("startedAt", change.since().toString())
                .put("problem", problem));
    }

    /** Tells listeners of an event and the journal of a verdict. */
    private <R extends Report<R>> R tell(Change change, String event, String verdict, R report) {
        JsonObject json = report.json(GateDetail.FAILURES);
        announcer.announce(new ChangeEvent(change.service(), event, asked(change, json.copy())));
        return report.warned(
                append(entry(change, verdict).put("revision", report.revision()).put("receipt", json)));
    }

    /** Adds what was asked for by whom. The receipt itself is an answer, and its caller knows. */
    private static JsonObject asked(Change change, JsonObject json) {
        ChangeNote note = change.note();
        return json.put("what", change.what())
                .put("who", note.caller())
                .put("by", note.by().orElse(null))
                .put("note", note.note().orElse(null));
    }

    private JsonObject entry(Change change, String verdict) {
        JsonObject entry =
                new JsonObject().put("at", clock.instant().toString()).put("service", change.service());
        return ChangeJson.who(entry, change.note()).put("what", change.what()).put("verdict", verdict);
    }

    private Optional<String> append(JsonObject entry) {
        try {
            journal.append(entry);
            return Optional.empty();
        } catch (StoreFailed e) {
            LOG.error(e.getMessage());
            return Optional.of("This is not in the journal: " + e.getMessage());
        }
    }
}
