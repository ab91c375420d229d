package dev.turnout.switching;

import dev.turnout.routing.InFlight;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.switching.Adjustment.CanaryWeight;
import dev.turnout.switching.Adjustment.TargetDrain;
import dev.turnout.switching.Adjustment.TargetList;
import dev.turnout.switching.Adjustment.TargetReady;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The JSON forms of reports. All members are always there; what is not known (yet) is null.
 *
 * <ul>
 *   <li>A switch: {@code service, changed, dryRun, from, fromVersion, to, version, revision, startedAt, switchedAt, finishedAt, gate{}} (as in
 *       {@link GateJson}), {@code warmup{}} (as in {@link WarmUpJson}), {@code drain{}} (as in {@link DrainJson}), {@code rehearsal{}} (as in
 *       {@link RehearsalJson}), {@code watch{}} (as in {@link WatchJson}), {@code warnings[]}.
 *   <li>An adjustment: {@code service, changed}, of a canary {@code slot, weight}, of a target {@code slot, target,
 *       inRotation}, of the targets of a slot {@code dryRun, slot, targets[],
 *       configured[]} (null unless they were given at run time; as they would be in a dry run), and {@code revision, startedAt, finishedAt, gate{}, warmup{}, drain{}, warnings[]}.
 *   <li>A pause or its end: {@code service, changed, paused, revision, held, inFlight, startedAt, drained, warnings[]}.
 *   <li>A maintenance or its end: {@code service, changed, maintenance{}} (as in {@link MaintenanceJson}, or null) {@code ,
 *       revision, startedAt, warnings[]}.
 * </ul>
 *
 * <p>Each has {@code serving{}} (as in {@link ServingJson}) too, and in a fleet {@code fleet{}} (as in {@link FleetReport}).
 */
final class ReportJson {

    private ReportJson() {}

    static JsonObject of(Receipt receipt, GateDetail detail) {
        JsonObject json = begin(receipt)
                .put("dryRun", receipt.dryRun())
                .put("from", receipt.from().toString())
                .put("fromVersion", version(receipt, receipt.from()))
                .put("to", receipt.to().toString())
                .put("version", version(receipt, receipt.to()))
                .put("revision", receipt.revision())
                .put("startedAt", receipt.startedAt().toString())
                .put("switchedAt", text(receipt.switchedAt()));
        steps(json, receipt.results(), detail);
        json.put("rehearsal", receipt.rehearsal().map(RehearsalJson::of).orElse(null));
        json.put("watch", receipt.watch().map(WatchJson::of).orElse(null));
        return end(json, receipt);
    }

    static JsonObject of(AdjustmentReport report, GateDetail detail) {
        JsonObject json = begin(report);
        subject(json, report);
        json.put("revision", report.revision())
                .put("startedAt", report.startedAt().toString());
        steps(json, report.results(), detail);
        return end(json, report);
    }

    static JsonObject of(PauseReport report) {
        JsonObject json = begin(report)
                .put("paused", report.now().paused())
                .put("revision", report.revision())
                .put("held", report.held())
                .put("inFlight", report.inFlight() instanceof InFlight.Known known ? known.requests() : null)
                .put("startedAt", report.startedAt().toString())
                .put("drained", report.drained().orElse(null));
        return end(json, report);
    }

    static JsonObject of(MaintenanceReport report) {
        JsonObject json = begin(report)
                .put(
                        "maintenance",
                        report.now().maintenance().map(MaintenanceJson::of).orElse(null))
                .put("revision", report.revision())
                .put("startedAt", report.startedAt().toString());
        return end(json, report);
    }

    private static @Nullable String version(Receipt receipt, Slot slot) {
        return receipt.now().releases().version(slot).orElse(null);
    }

    private static JsonObject begin(Report<?> report) {
        return new JsonObject().put("service", report.service()).put("changed", report.changed());
    }

    private static void steps(JsonObject json, StepResults results, GateDetail detail) {
        json.put("finishedAt", text(results.finishedAt()))
                .put(
                        "gate",
                        results.gate().map(gate -> GateJson.of(gate, detail)).orElseGet(GateJson::skipped))
                .put("warmup", results.warmUp().map(WarmUpJson::of).orElse(null))
                .put("drain", results.drain().map(DrainJson::of).orElse(null));
    }

    private static JsonObject end(JsonObject json, Report<?> report) {
        report.results().fleet().ifPresent(fleet -> json.put("fleet", fleet.json()));
        return json.put("warnings", new JsonArray(report.warnings())).put("serving", ServingJson.of(report.now()));
    }

    private static @Nullable String text(Optional<Instant> instant) {
        return instant.map(Instant::toString).orElse(null);
    }

    private static void subject(JsonObject json, AdjustmentReport report) {
        Adjustment adjustment = report.adjustment();
        Service now = report.tried().orElse(report.now());
        if (adjustment instanceof CanaryWeight) {
            json.put("slot", now.idle().toString()).put("weight", now.canaryWeight());
        } else if (adjustment instanceof TargetDrain drain) {
            target(json, drain.command().target(), now);
        } else if (adjustment instanceof TargetReady ready) {
            target(json, ready.command().target(), now);
        } else if (adjustment instanceof TargetList list) {
            Slot slot = list.command().slot();
            json.put("dryRun", report.tried().isPresent());
            json.put("slot", slot.toString())
                    .put("targets", new JsonArray(texts(now.pool(slot).targets())));
            json.put(
                    "configured",
                    now.pool(slot)
                            .given()
                            .map(given -> new JsonArray(texts(given.configured())))
                            .orElse(null));
        }
    }

    private static List<String> texts(List<Target> targets) {
        return targets.stream().map(Target::toString).toList();
    }

    private static void target(JsonObject json, Target target, Service now) {
        Slot active = now.active();
        json.put("slot", active.toString())
                .put("target", target.toString())
                .put("inRotation", now.pool(active).inRotation().contains(target));
    }
}
