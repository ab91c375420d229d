package dev.turnout.health;

import java.util.List;
import java.util.Optional;

/**
 * The result of a warm-up.
 *
 * @param requests answered or failed
 * @param failures of these requests, without a response, or with a status of 400 or above
 * @param tookMillis from its beginning to its end
 * @param p95 how long requests took at the beginning and at the end; empty if there was no response
 * @param complete whether the warm-up ended before its deadline
 * @param settled whether the warm-up went on until responses did not get faster; empty if the plan does not ask that
 * @param complaints what did not work, a sentence each, without a full stop
 */
public record WarmUpReport(
        long requests,
        long failures,
        long tookMillis,
        Optional<P95> p95,
        boolean complete,
        Optional<Boolean> settled,
        List<String> complaints) {

    /** The time that 95 of 100 requests did not exceed. Milliseconds. */
    public record P95(double first, double last) {}

    public WarmUpReport {
        complaints = List.copyOf(complaints);
    }
}
