package dev.turnout.routing;

/**
 * What a traffic plane can do, by who asks for it.
 *
 * @param plane takes routing states
 * @param warnings for operators
 * @param inFlight for drains
 * @param drain ends requests of drained targets
 * @param counters for the status, the metrics and a watch
 * @param targets takes and tells the health of targets
 * @param connectAhead for a warm-up
 * @param rehearsal copies requests to idle slots
 * @param hold keeps requests until a fleet has decided
 */
public record TrafficCapabilities(
        TrafficPlane plane,
        RoutingWarnings warnings,
        RequestsInFlight inFlight,
        DrainControl drain,
        TrafficCounters counters,
        TargetStatus targets,
        ConnectAhead connectAhead,
        RehearsalControl rehearsal,
        HoldControl hold) {

    /** Returns the capabilities of a plane that can do everything. */
    public static <
                    P extends
                            TrafficPlane & RoutingWarnings & RequestsInFlight & DrainControl & TrafficCounters
                                    & TargetStatus & ConnectAhead & RehearsalControl & HoldControl>
            TrafficCapabilities ofAll(P plane) {
        return new TrafficCapabilities(plane, plane, plane, plane, plane, plane, plane, plane, plane);
    }

    /** Returns the capabilities of a plane that only routes: it cannot end requests, and counts nothing. */
    public static <P extends TrafficPlane & RoutingWarnings & RequestsInFlight> TrafficCapabilities ofRouting(P plane) {
        return new TrafficCapabilities(
                plane,
                plane,
                plane,
                DrainControl.NONE,
                TrafficCounters.NONE,
                TargetStatus.NONE,
                ConnectAhead.NONE,
                RehearsalControl.NONE,
                HoldControl.NONE);
    }
}
