package dev.turnout.nginx;

import dev.turnout.routing.Pool;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The targets that nginx sends the traffic of one service to, in any style of the file.
 *
 * @param weights the share of each target; 0 is a target that gets nothing ({@code down}). The weights have no
 *     common divisor, so that routes with the same meaning are equal
 */
record Route(SortedMap<Target, Integer> weights) {

    Route {
        int divisor = weights.values().stream().reduce(0, Route::greatestCommonDivisor);
        SortedMap<Target, Integer> reduced = new TreeMap<>();
        weights.forEach((target, weight) -> reduced.put(target, divisor == 0 ? 0 : weight / divisor));
        weights = Collections.unmodifiableSortedMap(reduced);
    }

    /** Returns a route to one target. */
    static Route to(Target target) {
        return new Route(new TreeMap<>(Map.of(target, 1)));
    }

    /** Returns the route of a service's state: evenly over a slot's targets, and between slots by the canary's weight. */
    static Route of(Service service) {
        Pool active = service.pool(service.active());
        Pool idle = service.pool(service.idle());
        int canary = idle.inRotation().isEmpty() ? 0 : service.canaryWeight();
        int activeWeight = canary == 0 ? 1 : (100 - canary) * idle.inRotation().size();
        int idleWeight = canary * Math.max(1, active.inRotation().size());
        SortedMap<Target, Integer> weights = new TreeMap<>();
        if (canary > 0) {
            idle.inRotation().forEach(target -> weights.put(target, idleWeight));
        }
        active.targets().forEach(target -> weights.put(target, active.out().contains(target) ? 0 : activeWeight));
        return new Route(weights);
    }

    /** Returns the targets that get requests. */
    Set<Target> serving() {
        return withTraffic().keySet();
    }

    /** Returns true if both routes send requests alike. Targets that get nothing make no difference. */
    boolean sendsLike(Route other) {
        return withTraffic().equals(other.withTraffic());
    }

    private Map<Target, Integer> withTraffic() {
        return weights.entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Returns the share of some targets in all requests, 0 to 1. */
    double shareOf(List<Target> targets) {
        int all = weights.values().stream().mapToInt(Integer::intValue).sum();
        int theirs = targets.stream()
                .mapToInt(target -> weights.getOrDefault(target, 0))
                .sum();
        return all == 0 ? 0 : (double) theirs / all;
    }

    private static int greatestCommonDivisor(int a, int b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }

    /** Returns a text for people: {@code 127.0.0.1:8080, 127.0.0.1:8082 (weight 9), 127.0.0.1:8083 (down)}. */
    @Override
    public String toString() {
        return weights.entrySet().stream()
                .map(entry -> entry.getKey()
                        + switch (entry.getValue()) {
                            case 0 -> " (down)";
                            case 1 -> "";
                            default -> " (weight " + entry.getValue() + ")";
                        })
                .collect(Collectors.joining(", "));
    }
}
