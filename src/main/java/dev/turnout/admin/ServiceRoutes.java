package dev.turnout.admin;

import dev.turnout.config.ListValue;
import dev.turnout.routing.TrafficCounters;
import dev.turnout.switching.ReloadOrder;
import io.quarkus.vertx.web.Route;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The calls that add, change and remove services at run time. Event loop only. */
@Singleton
final class ServiceRoutes {

    private static final String PATH = "/admin/services/:name";

    private final Reloader reloader;
    private final TrafficCounters counters;
    private final PendingResponses pending;

    ServiceRoutes(Reloader reloader, TrafficCounters counters, PendingResponses pending) {
        this.reloader = reloader;
        this.counters = counters;
        this.pending = pending;
    }

    @Route(path = PATH, methods = Route.HttpMethod.PUT)
    void put(RoutingContext call) {
        Query query = Query.of(call, "force", "by", "note");
        change(call, query, keys(CallBody.of(call)), () -> 0);
    }

    @Route(path = PATH, methods = Route.HttpMethod.DELETE)
    void remove(RoutingContext call) {
        Query query = Query.of(call, "force", "by", "note");
        String service = name(call);
        change(call, query, Map.of(), query.flag("force") ? () -> 0 : () -> counters.unfinished(service));
    }

    private void change(RoutingContext call, Query query, Map<String, String> keys, LongSupplier inUse) {
        ReloadOrder.Subject subject = new ReloadOrder.Subject(name(call), IfMatch.of(call), inUse);
        pending.later(
                call,
                () -> reloader.service(subject, keys, query.flag("force"), query.note(call)),
                reloaded -> Answers.change(call, ReloadJson.of(reloaded)),
                failure -> Answers.problem(call, Problems.of(failure)));
    }

    private static String name(RoutingContext call) {
        return String.valueOf(call.pathParam("name"));
    }

    /** Returns the keys of a service, with their values as in a configuration file. Objects in objects are dots. */
    private static Map<String, String> keys(String body) {
        Map<String, String> keys = new TreeMap<>();
        try {
            add(keys, "", new JsonObject(body.isBlank() ? "{}" : body));
        } catch (DecodeException e) {
            throw new BadRequest("The body is not one whole JSON object. " + form());
        }
        if (keys.isEmpty()) {
            throw new BadRequest("The service is missing. " + form());
        }
        return keys;
    }

    private static void add(Map<String, String> keys, String prefix, JsonObject object) {
        object.forEach(member -> {
            String key = prefix + member.getKey();
            if (member.getValue() instanceof JsonObject inner) {
                add(keys, key + ".", inner);
            } else {
                keys.put(key, text(key, member.getValue()));
            }
        });
    }

    private static String text(String key, @Nullable Object value) {
        return value instanceof JsonArray array
                ? ListValue.of(key, array.stream().map(part -> line(key, part)).toList())
                : line(key, value);
    }

    private static String line(String key, @Nullable Object value) {
        String text = String.valueOf(value);
        if (value == null || text.contains("${") || text.chars().anyMatch(c -> c < ' ')) {
            throw new BadRequest("The value of '" + key + "' is a text, a number, true, false, or a list of these,"
                    + " without \"${\" and line ends. Nothing was done.");
        }
        return text;
    }

    private static String form() {
        return "The body is an object such as {\"hosts\": [\"shop.example.com\"], \"blue\": [\"10.0.0.7:8080\"],"
                + " \"green\": [\"10.0.0.7:8082\"]}. Nothing was done.";
    }
}
