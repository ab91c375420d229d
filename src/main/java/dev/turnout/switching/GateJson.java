package dev.turnout.switching;

import dev.turnout.health.GateReport;
import dev.turnout.health.ProbeResult;
import dev.turnout.health.TargetGate;
import dev.turnout.routing.Target;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * The JSON form of what a gate saw: {@code skipped, passed, tookMillis, path, statuses, needed, deadlineMillis,
 * targets[{target, passed, good, count, tally, ended, last{}}], probes[{target, at, good, status, cause, latencyMillis, host, body}]}.
 * How many probes there are is {@link GateDetail}'s.
 */
public final class GateJson {

    private GateJson() {}

    /** Returns the form of a gate that was passed or not. */
    public static JsonObject of(GateReport report, GateDetail detail) {
        JsonArray probes = new JsonArray();
        JsonArray targets = new JsonArray();
        detail.of(report).forEach(shown -> probes.add(probe(shown.target(), shown.result())));
        report.targets().forEach(gate -> targets.add(target(gate)));
        return new JsonObject()
                .put("skipped", false)
                .put("passed", report.passed())
                .put("tookMillis", report.tookMillis())
                .put("path", report.terms().path())
                .put("statuses", report.terms().statuses())
                .put("needed", report.terms().rise())
                .put("deadlineMillis", report.terms().deadline().toMillis())
                .put("targets", targets)
                .put("probes", probes);
    }

    /** Returns the form of a gate that was skipped. */
    static JsonObject skipped() {
        return new JsonObject()
                .put("skipped", true)
                .put("targets", new JsonArray())
                .put("probes", new JsonArray());
    }

    private static JsonObject target(TargetGate gate) {
        return new JsonObject()
                .put("target", gate.target().toString())
                .put("passed", gate.passed())
                .put("good", gate.good())
                .put("count", gate.count())
                .put("tally", gate.tally())
                .put("ended", gate.ended().orElse(null))
                .put("last", gate.last().map(last -> probe(gate.target(), last)).orElse(null));
    }

    /** Returns the form of one probe. */
    public static JsonObject probe(Target target, ProbeResult result) {
        return new JsonObject()
                .put("target", target.toString())
                .put("at", result.at().toString())
                .put("good", result.good())
                .put("status", result.status() == 0 ? null : result.status())
                .put("cause", result.cause())
                .put("latencyMillis", result.latencyMillis())
                .put("host", result.host())
                .put("body", result.body());
    }
}
