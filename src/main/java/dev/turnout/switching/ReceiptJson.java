package dev.turnout.switching;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * The JSON form of a receipt: {@code service, changed, dryRun, from, to, revision, startedAt, switchedAt, finishedAt,
 * gate{skipped, passed, tookMillis, targets[], probes[]}, warmup{} (as in {@link WarmUpJson}), drain{drained, waitedMillis, completed, cut[{method, path,
 * ageMillis, target}], cutCount, webSocketsClosed, streamsEnded}, watch{} (as in {@link WatchJson}), warnings[]}. All members are always there; what is not known (yet) is
 * null.
 */
public final class ReceiptJson {

    private ReceiptJson() {}

    public static JsonObject of(Receipt receipt) {
        return new JsonObject()
                .put("service", receipt.service())
                .put("changed", receipt.changed())
                .put("dryRun", receipt.dryRun())
                .put("from", receipt.from().toString())
                .put("to", receipt.to().toString())
                .put("revision", receipt.revision())
                .put("startedAt", receipt.startedAt().toString())
                .put("switchedAt", receipt.switchedAt().map(Instant::toString).orElse(null))
                .put("finishedAt", receipt.finishedAt().map(Instant::toString).orElse(null))
                .put("gate", receipt.gate().map(GateJson::of).orElseGet(GateJson::skipped))
                .put("warmup", receipt.warmth().map(WarmUpJson::of).orElse(null))
                .put("drain", receipt.drain().map(DrainJson::of).orElse(null))
                .put("watch", receipt.watch().map(WatchJson::of).orElse(null))
                .put("warnings", new JsonArray(receipt.warnings()));
    }
}
