package dev.turnout.health;

import java.util.List;
import java.util.Optional;

/**
 * What a warm-up came to.
 *
 * @param requests answered or failed
 * @param failures those of them without an answer, or with a status of 400 or above
 * @param tookMillis from its beginning to its end
 * @param p95 how long requests took at its beginning and at its end; empty if none was answered
 * @param complete whether it came to its end before its deadline
 * @param settled whether it went on until the answers didn't get any faster; empty if that was not asked for
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

    /** Of 100 requests 95 took no longer: milliseconds. */
    public record P95(double first, double last) {}

    public WarmUpReport {
        complaints = List.copyOf(complaints);
    }
}
