package dev.turnout.switching;

import dev.turnout.health.GateReport;
import dev.turnout.health.ProbeResult;
import dev.turnout.health.TargetGate;
import dev.turnout.routing.Target;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * The JSON form of what a gate saw: {@code skipped, passed, tookMillis, targets[{target, passed, good, tally, last{}}],
 * probes[{target, at, good, status, cause, latencyMillis, host, body}]}.
 */
public final class GateJson {

    private GateJson() {}

    /** Returns the form of a gate that was passed or not. */
    public static JsonObject of(GateReport report) {
        JsonArray probes = new JsonArray();
        JsonArray targets = new JsonArray();
        for (TargetGate gate : report.targets()) {
            gate.probes().forEach(result -> probes.add(probe(gate.target(), result)));
            targets.add(target(gate));
        }
        return new JsonObject()
                .put("skipped", false)
                .put("passed", report.passed())
                .put("tookMillis", report.tookMillis())
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
                .put("tally", gate.tally())
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
