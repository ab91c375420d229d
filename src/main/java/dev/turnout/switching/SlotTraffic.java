package dev.turnout.switching;

import dev.turnout.routing.Latencies;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.routing.TargetTraffic;
import dev.turnout.routing.TrafficCounters;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The traffic that the targets of one slot have carried.
 *
 * @param claimed requests that have come to the targets
 * @param requests that have ended and tell something about the slot; requests that their client or Turnout ended do not
 * @param errors requests with a response of 500 or above, or without a whole response by the target's fault
 * @param waiting requests that a target has received whole and has not answered
 * @param latencies of the responses
 */
record SlotTraffic(long claimed, long requests, long errors, long waiting, Latencies latencies) {

    static final SlotTraffic NONE = new SlotTraffic(0, 0, 0, 0, Latencies.NONE);

    /** Returns the traffic of a slot since the start. */
    static SlotTraffic of(TrafficCounters counters, Service service, Slot slot) {
        return byTarget(counters, service, slot).values().stream().reduce(NONE, SlotTraffic::plus);
    }

    /** Returns the traffic of each target of a slot since the start. */
    static Map<Target, SlotTraffic> byTarget(TrafficCounters counters, Service service, Slot slot) {
        Map<Target, TargetTraffic> traffic = counters.traffic(service.name());
        return service.pool(slot).targets().stream()
                .collect(Collectors.toMap(
                        Function.identity(), target -> of(traffic.getOrDefault(target, TargetTraffic.NONE))));
    }

    private static SlotTraffic of(TargetTraffic target) {
        return new SlotTraffic(
                target.requests(),
                target.requests() - target.inFlight() - target.excused(),
                target.failed(),
                target.awaited(),
                target.latencies());
    }

    SlotTraffic plus(SlotTraffic other) {
        return new SlotTraffic(
                claimed + other.claimed,
                requests + other.requests,
                errors + other.errors,
                waiting + other.waiting,
                latencies.plus(other.latencies));
    }

    /** Returns this traffic less the traffic at an earlier time. */
    SlotTraffic since(SlotTraffic earlier) {
        return new SlotTraffic(
                claimed - earlier.claimed,
                Math.max(0, requests - earlier.requests),
                Math.max(0, errors - earlier.errors),
                waiting - earlier.waiting,
                latencies.minus(earlier.latencies));
    }

    /** Returns this traffic with some of the waiting requests counted as errors. */
    SlotTraffic overdue(long count) {
        return new SlotTraffic(claimed, requests + count, errors + count, waiting - count, latencies);
    }

    /** Returns the share of the requests that were errors, 0 to 1. */
    double errorRate() {
        return requests == 0 ? 0 : Math.min(1, (double) errors / requests);
    }
}
