package dev.turnout.admin;

import dev.turnout.admin.Reloader.Reloaded;
import dev.turnout.config.KeyChange;
import dev.turnout.routing.TargetChange;
import dev.turnout.switching.DrainJson;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * The JSON form of a reload: {@code changed}, {@code keys[{key, from, to, effect}]} with {@code applied} or
 * {@code restart} as the effect, {@code services[{service, change, gained[], left[], drain{}}]}, {@code warnings[]},
 * {@code startedAt}, {@code finishedAt}. A value that is not given is null.
 */
public final class ReloadJson {

    private ReloadJson() {}

    static JsonObject of(Reloaded reloaded) {
        List<String> warnings = new ArrayList<>(reloaded.warnings());
        warnings.addAll(reloaded.report().warnings());
        JsonArray services = new JsonArray();
        reloaded.report().services().forEach(change -> services.add(service(reloaded, change)));
        return new JsonObject()
                .put("changed", reloaded.change().keys().stream().anyMatch(key -> !key.needsRestart()))
                .put("keys", keys(reloaded.change().keys()))
                .put("services", services)
                .put("warnings", new JsonArray(warnings))
                .put("startedAt", reloaded.report().startedAt().toString())
                .put("finishedAt", reloaded.report().finishedAt().toString());
    }

    /** Returns keys that differ. */
    public static JsonArray keys(List<KeyChange> changes) {
        JsonArray keys = new JsonArray();
        changes.forEach(change -> keys.add(new JsonObject()
                .put("key", change.key())
                .put("from", change.from().orElse(null))
                .put("to", change.to().orElse(null))
                .put("effect", change.effect())));
        return keys;
    }

    private static JsonObject service(Reloaded reloaded, TargetChange change) {
        JsonObject service = new JsonObject()
                .put("service", change.service())
                .put(
                        "change",
                        change.before().isEmpty() ? "added" : change.after().isEmpty() ? "removed" : "targets")
                .put("gained", texts(change.gaining()))
                .put("left", texts(change.left()));
        return service.put(
                "drain",
                reloaded.report().drains().containsKey(change.service())
                        ? DrainJson.of(reloaded.report().drains().get(change.service()))
                        : null);
    }

    private static JsonArray texts(List<?> values) {
        return new JsonArray(values.stream().map(Object::toString).toList());
    }
}
