package dev.turnout.switching;

import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import dev.turnout.switching.Adjustment.CanaryWeight;
import dev.turnout.switching.Adjustment.TargetDrain;
import dev.turnout.switching.Adjustment.TargetReady;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * The JSON form of the report of an adjustment: {@code service, changed}, of a canary {@code slot, weight}, of a target
 * {@code slot, target, inRotation}, and {@code revision, startedAt, finishedAt, gate{}, warmup{}, drain{}, warnings[]}, as in
 * {@link ReceiptJson}. All members are always there; what is not known (yet) is null.
 */
public final class AdjustmentJson {

    private AdjustmentJson() {}

    public static JsonObject of(AdjustmentReport report) {
        Service now = report.now();
        JsonObject json = new JsonObject().put("service", now.name()).put("changed", report.changed());
        subject(json, report.adjustment(), now);
        return json.put("revision", now.revision())
                .put("startedAt", report.startedAt().toString())
                .put("finishedAt", report.finishedAt().map(Instant::toString).orElse(null))
                .put("gate", report.gate().map(GateJson::of).orElseGet(GateJson::skipped))
                .put("warmup", report.warmth().map(WarmUpJson::of).orElse(null))
                .put("drain", report.drain().map(DrainJson::of).orElse(null))
                .put("warnings", new JsonArray(report.warnings()));
    }

    private static void subject(JsonObject json, Adjustment adjustment, Service now) {
        if (adjustment instanceof CanaryWeight) {
            json.put("slot", now.idle().toString()).put("weight", now.canaryWeight());
        } else if (adjustment instanceof TargetDrain out) {
            target(json, out.command().target(), now);
        } else if (adjustment instanceof TargetReady back) {
            target(json, back.command().target(), now);
        }
    }

    private static void target(JsonObject json, Target target, Service now) {
        json.put("slot", now.active().toString())
                .put("target", target.toString())
                .put("inRotation", now.pool(now.active()).inRotation().contains(target));
    }
}
