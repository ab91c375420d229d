package dev.turnout.switching;

import dev.turnout.routing.CutRequest;
import dev.turnout.routing.CutRequests;
import dev.turnout.routing.Target;
import dev.turnout.switching.FleetReport.Part;
import dev.turnout.text.Counted;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The drains of all members of a fleet as one. */
final class FleetDrain {

    private FleetDrain() {}

    /** Returns one report: counts are added up, times are the longest. */
    static DrainReport sum(FleetReport fleet) {
        long waited = 0;
        long completed = 0;
        long webSockets = 0;
        long streams = 0;
        long sessions = 0;
        long sessionMillis = 0;
        long cut = 0;
        List<CutRequest> named = new ArrayList<>();
        for (Part part : fleet.parts().values()) {
            JsonObject drain = part.drain();
            waited = Math.max(waited, number(drain, "waitedMillis"));
            completed += number(drain, "completed");
            webSockets += number(drain, "webSocketsClosed");
            streams += number(drain, "streamsEnded");
            sessions += number(drain, "sessions");
            sessionMillis = Math.max(sessionMillis, number(drain, "sessionMillis"));
            cut += number(drain, "cutCount");
            named(drain).stream().limit(CutRequests.MOST_NAMED - named.size()).forEach(named::add);
        }
        boolean isDrained = fleet.state().equals("drained") && cut == 0 && allDrained(fleet);
        boolean areNamed = named.size() == Math.min(cut, CutRequests.MOST_NAMED);
        CutRequests cuts = areNamed ? new CutRequests(named, cut) : CutRequests.NONE;
        Optional<String> notKnown = isDrained || !cuts.isEmpty() ? Optional.empty() : Optional.of(doubt(fleet, cut));
        return new DrainReport(
                isDrained, waited, completed, cuts, webSockets, streams, sessions, sessionMillis, notKnown);
    }

    private static String doubt(FleetReport fleet, long cut) {
        String reports = fleet.parts().isEmpty()
                ? "nobody"
                : String.join(", ", fleet.parts().keySet());
        return "the receipt of the fleet is " + fleet.state() + ", with reports of " + reports
                + (cut == 0 ? "" : "; " + Counted.of(cut, "request was cut", "requests were cut"));
    }

    private static boolean allDrained(FleetReport fleet) {
        return fleet.parts().values().stream()
                .allMatch(part -> Boolean.TRUE.equals(part.drain().getValue("drained")));
    }

    private static List<CutRequest> named(JsonObject drain) {
        List<CutRequest> named = new ArrayList<>();
        if (drain.getValue("cut") instanceof JsonArray cut) {
            for (Object entry : cut) {
                if (entry instanceof JsonObject request) {
                    request(request).ifPresent(named::add);
                }
            }
        }
        return named;
    }

    private static Optional<CutRequest> request(JsonObject json) {
        try {
            return Optional.of(new CutRequest(
                    json.getString("method"),
                    json.getString("path"),
                    number(json, "ageMillis"),
                    Target.parse(json.getString("target"))));
        } catch (ClassCastException | IllegalArgumentException | NullPointerException e) {
            return Optional.empty();
        }
    }

    private static long number(JsonObject json, String name) {
        return json.getValue(name) instanceof Number number ? number.longValue() : 0;
    }
}
