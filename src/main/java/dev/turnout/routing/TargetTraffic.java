package dev.turnout.routing;

/**
 * What has gone through one target since the start.
 *
 * @param requests claimed
 * @param inFlight claimed and not ended
 * @param responses2xx3xx final answers below 400
 * @param responses4xx answers 400 to 499
 * @param responses5xx answers 500 and above
 * @param connectFailures connections that could not be opened
 * @param failures requests that got no whole answer, by the target's fault
 * @param retries requests that were sent again, away from this target or to it over a fresh connection
 * @param failed claims that have ended by the target's fault, or with an answer of 500 or above
 * @param excused claims that have ended and say nothing of the target: the client's fault, Turnout's, or another target
 *     took the request
 * @param awaited requests in flight that the target has whole and has not answered
 * @param latencies from the time when the target had the whole request to the head of the final answer, or to the time
 *     when the client gave up waiting for it
 */
public record TargetTraffic(
        long requests,
        long inFlight,
        long responses2xx3xx,
        long responses4xx,
        long responses5xx,
        long connectFailures,
        long failures,
        long retries,
        long failed,
        long excused,
        long awaited,
        Latencies latencies) {

    /** Of a target that has had none. */
    public static final TargetTraffic NONE = new TargetTraffic(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Latencies.NONE);
}
