package dev.turnout.switching;

import dev.turnout.health.GateProbe;
import dev.turnout.health.TargetHealth;
import dev.turnout.health.WarmUpRound;
import dev.turnout.routing.Target;
import dev.turnout.store.BoundedJson;
import io.vertx.core.json.JsonObject;

/**
 * An event of a service, for those who watch the service.
 *
 * @param service the name of the service
 * @param kind {@code step}, {@code probe}, {@code warmup}, {@code drain}, {@code watch}, {@code rehearsal}, {@code switched}, {@code changed}, {@code ended}, {@code refused}, {@code health} or {@code outage}
 * @param detail the JSON form, shortened by {@link BoundedJson} if it is long
 */
public record ChangeEvent(String service, String kind, JsonObject detail) {

    /** A listener may hold a few events for a client that does not read. */
    private static final int MOST_BYTES = 60 << 10;

    public ChangeEvent {
        detail = BoundedJson.within(detail, MOST_BYTES);
    }

    /** Returns true if the event is of a change that was to be tried only. */
    public boolean isDryRun() {
        return detail.getValue("what") instanceof String what && what.contains("dry run");
    }

    static ChangeEvent step(Change change) {
        return new ChangeEvent(change.service(), "step", ChangeJson.of(change));
    }

    static ChangeEvent probe(Change change, GateProbe probe) {
        JsonObject detail = GateJson.probe(probe.target(), probe.result())
                .put("what", change.what())
                .put("path", probe.path())
                .put("goodInARow", probe.goodInARow())
                .put("needed", probe.needed())
                .put("elapsedMillis", probe.elapsed().toMillis())
                .put("deadlineMillis", probe.deadline().toMillis());
        return new ChangeEvent(change.service(), "probe", detail);
    }

    static ChangeEvent warmUp(Change change, WarmUpRound round) {
        JsonObject detail = new JsonObject()
                .put("target", round.target().toString())
                .put("what", change.what())
                .put("round", round.round())
                .put("requests", round.requests())
                .put("failures", round.failures())
                .put("p95Millis", round.p95Millis());
        return new ChangeEvent(change.service(), "warmup", detail);
    }

    static ChangeEvent drain(Change change, DrainProgress progress) {
        JsonObject detail = new JsonObject()
                .put("what", change.what())
                .put("inFlight", progress.inFlight())
                .put("webSockets", progress.webSockets())
                .put("sessions", progress.sessions())
                .put("elapsedMillis", progress.elapsed().toMillis())
                .put("timeoutMillis", progress.timeout().toMillis());
        return new ChangeEvent(change.service(), "drain", detail);
    }

    static ChangeEvent watch(Change change, WatchProgress progress) {
        return new ChangeEvent(change.service(), "watch", WatchJson.of(progress).put("what", change.what()));
    }

    static ChangeEvent rehearsal(String service, String what, RehearsalReport report) {
        return new ChangeEvent(service, "rehearsal", RehearsalJson.of(report).put("what", what));
    }

    /** Returns the event of a target whose health has changed. */
    public static ChangeEvent health(String service, Target target, TargetHealth before, TargetHealth after) {
        JsonObject detail = new JsonObject()
                .put("target", target.toString())
                .put("from", before.health().name())
                .put("to", after.health().name())
                .put("since", after.since().toString());
        after.last().ifPresent(probe -> detail.put("cause", probe.cause()));
        return new ChangeEvent(service, "health", detail);
    }
}
