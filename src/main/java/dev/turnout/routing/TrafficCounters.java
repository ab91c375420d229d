package dev.turnout.routing;

import java.util.Map;

/** The counters of what has been carried. Any thread. No method blocks. */
public interface TrafficCounters {

    /** The counters of a plane that counts nothing. */
    TrafficCounters NONE = new TrafficCounters() {
        @Override
        public boolean areKept() {
            return false;
        }

        @Override
        public Map<Target, TargetTraffic> traffic(String service) {
            return Map.of();
        }

        @Override
        public ServiceTotals totals(String service) {
            return ServiceTotals.NONE;
        }

        @Override
        public long held(String service) {
            return 0;
        }
    };

    /** Returns true if the plane counts; otherwise every number here is zero. */
    boolean areKept();

    /** Returns what each target of a service has carried since the start; a target without traffic may be missing. */
    Map<Target, TargetTraffic> traffic(String service);

    /**
     * Returns what has become of the requests of a service since the start.
     *
     * @param service empty for requests that were refused before their service was known
     */
    ServiceTotals totals(String service);

    /** Returns how many requests of a service wait now because the service is paused, or was a moment ago. */
    long held(String service);

    /** Returns how many requests of a service have not ended: they are in flight at a target, or wait as {@link #held} tells. */
    default long unfinished(String service) {
        return held(service)
                + traffic(service).values().stream()
                        .mapToLong(TargetTraffic::inFlight)
                        .sum();
    }
}
