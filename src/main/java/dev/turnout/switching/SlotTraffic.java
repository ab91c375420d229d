package dev.turnout.switching;

import dev.turnout.routing.Latencies;
import dev.turnout.routing.Pool;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.routing.TargetTraffic;
import dev.turnout.routing.TrafficCounters;
import java.util.Map;

/**
 * What the targets of one slot have carried.
 *
 * @param claimed requests that have come
 * @param requests of these, that have ended and say something of the slot: not those that their client or Turnout ended
 * @param errors of these, with an answer of 500 or above or without a whole one by the target's fault
 * @param waiting of those that have come, that a target has whole and has not answered
 * @param latencies of the answers
 */
record SlotTraffic(long claimed, long requests, long errors, long waiting, Latencies latencies) {

    static final SlotTraffic NONE = new SlotTraffic(0, 0, 0, 0, Latencies.NONE);

    /** Of a slot, since the start. */
    static SlotTraffic of(TrafficCounters counters, Service service, Slot slot) {
        Map<Target, TargetTraffic> traffic = counters.traffic(service.name());
        Pool pool = service.pool(slot);
        return pool.targets().stream()
                .map(target -> of(traffic.getOrDefault(target, TargetTraffic.NONE)))
                .reduce(NONE, SlotTraffic::plus);
    }

    private static SlotTraffic of(TargetTraffic target) {
        return new SlotTraffic(
                target.requests(),
                target.requests() - target.inFlight() - target.excused(),
                target.failed(),
                target.awaited(),
                target.latencies());
    }

    private SlotTraffic plus(SlotTraffic other) {
        return new SlotTraffic(
                claimed + other.claimed,
                requests + other.requests,
                errors + other.errors,
                waiting + other.waiting,
                latencies.plus(other.latencies));
    }

    /** Less what it had carried at an earlier time. */
    SlotTraffic since(SlotTraffic earlier) {
        return new SlotTraffic(
                claimed - earlier.claimed,
                Math.max(0, requests - earlier.requests),
                Math.max(0, errors - earlier.errors),
                waiting - earlier.waiting,
                latencies.minus(earlier.latencies));
    }

    /** With some of those that wait taken for errors. */
    SlotTraffic overdue(long count) {
        return new SlotTraffic(claimed, requests + count, errors + count, waiting - count, latencies);
    }

    /** The part of the requests that were errors, 0 to 1. */
    double errorRate() {
        return requests == 0 ? 0 : Math.min(1, (double) errors / requests);
    }
}
