package dev.turnout.switching;

import dev.turnout.routing.Latencies;
import io.vertx.core.json.JsonObject;

/**
 * What a slot has carried as members of a fleet tell it: {@code claimed, requests, errors, waiting, nanos, times{}}, with the
 * counts of the buckets that have any by their numbers. At most 8 KiB.
 */
final class SlotTrafficJson {

    private SlotTrafficJson() {}

    static JsonObject of(SlotTraffic traffic) {
        JsonObject times = new JsonObject();
        long[] counts = traffic.latencies().counts();
        for (int bucket = 0; bucket < counts.length; bucket++) {
            if (counts[bucket] != 0) {
                times.put(String.valueOf(bucket), counts[bucket]);
            }
        }
        return new JsonObject()
                .put("claimed", traffic.claimed())
                .put("requests", traffic.requests())
                .put("errors", traffic.errors())
                .put("waiting", traffic.waiting())
                .put("nanos", traffic.latencies().totalNanos())
                .put("times", times);
    }

    /**
     * Reads what another member has told.
     *
     * @throws IllegalArgumentException if it can't be that
     */
    static SlotTraffic read(JsonObject json) {
        if (!(json.getValue("times") instanceof JsonObject times) || times.size() > Latencies.BUCKETS) {
            throw new IllegalArgumentException("there are no times");
        }
        long[] counts = new long[Latencies.BUCKETS];
        for (String name : times.fieldNames()) {
            int bucket = Integer.parseInt(name);
            if (bucket < 0 || bucket >= counts.length) {
                throw new IllegalArgumentException("there is no bucket " + name);
            }
            counts[bucket] = count(times, name);
        }
        return new SlotTraffic(
                whole(json, "claimed"),
                count(json, "requests"),
                count(json, "errors"),
                whole(json, "waiting"),
                Latencies.of(counts, whole(json, "nanos")));
    }

    private static long count(JsonObject json, String name) {
        long count = whole(json, name);
        if (count < 0) {
            throw new IllegalArgumentException("there are fewer than 0 " + name);
        }
        return count;
    }

    private static long whole(JsonObject json, String name) {
        if (json.getValue(name) instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalArgumentException("there is no number of " + name);
    }
}
