package dev.turnout.routing;

import java.util.Map;

/**
 * What has become of the requests of one service that have ended, since the start.
 *
 * @param slots those that a target was chosen for, by the slot of the target
 * @param unrouted those that no target was chosen for
 * @param ownAnswers how many requests Turnout has answered itself, by cause
 * @param cutResponses how many responses did not reach their end, by cause
 * @param bridged how many requests for assets were asked of the other slot
 */
public record ServiceTotals(
        Map<Slot, RequestTotals> slots,
        RequestTotals unrouted,
        Map<String, Long> ownAnswers,
        Map<String, Long> cutResponses,
        long bridged) {

    /** The totals of a service without a request. */
    public static final ServiceTotals NONE = new ServiceTotals(Map.of(), RequestTotals.NONE, Map.of(), Map.of(), 0);

    /** Returns the totals of a slot. */
    public RequestTotals of(Slot slot) {
        return slots.getOrDefault(slot, RequestTotals.NONE);
    }

    /** Returns the totals of all requests. */
    public RequestTotals all() {
        return slots.values().stream().reduce(unrouted, RequestTotals::plus);
    }
}
