package dev.turnout.switching;

import dev.turnout.routing.CutRequest;
import dev.turnout.store.Journal;
import dev.turnout.store.StoreFailed;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Tells what became of a change to all who want to know: the journal, the log, and those who listen.
 *
 * <p>An entry of the journal: {@code at, service, who, what, verdict, revision, receipt}, or {@code problem{reason,
 * detail, gate}} instead of the receipt. A switch that is drained leaves two, {@code switched} and then {@code drained}
 * or {@code cut}: what a crash in between would leave must be there too.
 */
final class Chronicle {

    private static final Logger LOG = Logger.getLogger(Chronicle.class);

    private final Journal journal;
    private final Announcer announcer;
    private final Clock clock;

    Chronicle(Journal journal, Announcer announcer, Clock clock) {
        this.journal = journal;
        this.announcer = announcer;
        this.clock = clock;
    }

    /**
     * The new slot serves.
     *
     * @return what is to be said in the receipt: the journal could not be written
     */
    Optional<String> switched(Change change, Receipt receipt) {
        LOG.infof(
                "%s: %s serves instead of %s, revision %d: %s, asked for by %s",
                receipt.service(), receipt.to(), receipt.from(), receipt.revision(), change.what(), change.who());
        receipt.warnings().forEach(warning -> LOG.warnf("%s: %s", receipt.service(), warning));
        JsonObject json = ReceiptJson.of(receipt);
        announcer.announce(new Announcement(change.service(), "switched", json));
        return append(
                entry(change, "switched").put("revision", receipt.revision()).put("receipt", json));
    }

    /** What was in flight at the old slot has ended, or was ended. */
    Optional<String> drained(Change change, Receipt receipt, DrainReport drain) {
        LOG.infof(
                "%s: slot %s %s after %d ms: %d requests completed, %d cut, %d WebSockets closed",
                receipt.service(),
                receipt.from(),
                drain.drained() ? "is drained" : "was not drained",
                drain.waitedMillis(),
                drain.completed(),
                drain.cut().size(),
                drain.webSocketsClosed());
        for (CutRequest cut : drain.cut()) {
            LOG.warnf(
                    "%s: cut %s %s at %s, %d ms old: it had not ended when the drain's time was over",
                    receipt.service(), cut.method(), cut.path(), cut.target(), cut.ageMillis());
        }
        drain.notKnown().ifPresent(reason -> LOG.warnf("%s: %s", receipt.service(), reason));
        JsonObject json = ReceiptJson.of(receipt);
        announcer.announce(new Announcement(change.service(), "ended", json));
        String verdict = drain.drained() ? "drained" : "cut";
        return append(entry(change, verdict).put("revision", receipt.revision()).put("receipt", json));
    }

    /** Nothing was changed. */
    void refused(Change change, ChangeRefused refused) {
        LOG.warnf(
                "%s: %s, asked for by %s, was refused: %s",
                change.service(), change.what(), change.who(), refused.getMessage());
        JsonObject problem =
                new JsonObject().put("reason", refused.reason().name()).put("detail", refused.getMessage());
        refused.gate().ifPresent(gate -> problem.put("gate", GateJson.of(gate)));
        announcer.announce(new Announcement(
                change.service(), "refused", ChangeJson.of(change).put("problem", problem)));
        append(entry(change, "refused").put("problem", problem));
    }

    private JsonObject entry(Change change, String verdict) {
        return new JsonObject()
                .put("at", clock.instant().toString())
                .put("service", change.service())
                .put("who", change.who())
                .put("what", change.what())
                .put("verdict", verdict);
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
