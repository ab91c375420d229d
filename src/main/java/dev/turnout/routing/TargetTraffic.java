package dev.turnout.routing;

/**
 * The counters of one target since the start. Each counts requests, unless another noun is named.
 *
 * @param requests claimed
 * @param inFlight claimed and not ended
 * @param responses2xx3xx with a final response below 400
 * @param responses4xx with a final response 400 to 499
 * @param responses5xx with a final response 500 and above
 * @param connectFailures connections that could not be opened
 * @param failures without a whole response, by the target's fault
 * @param retries sent again, to another target, or to this target over a fresh connection
 * @param failed claims that have ended by the target's fault, or with a response of 500 or above
 * @param excused claims that have ended by the client's or Turnout's fault, or since another target took the request
 * @param awaited in flight: the target has the whole request and has sent no response
 * @param webSockets that are open
 * @param connections that are open, idle ones included
 * @param waiting in flight: no connection is free, and no further one may be opened
 * @param bytesReceived bytes of the bodies of requests, and of what clients have sent over WebSockets
 * @param bytesSent bytes of the bodies of responses, and of what WebSockets have sent to clients
 * @param sessions about how many sessions that are kept at this target have come in the last minutes
 * @param latencies from the time when the target had the whole request to the head of the final response; or until the
 *     client gives up
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
        long webSockets,
        long connections,
        long waiting,
        long bytesReceived,
        long bytesSent,
        long sessions,
        Latencies latencies) {

    /** The counters of a target without traffic. */
    public static final TargetTraffic NONE =
            new TargetTraffic(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Latencies.NONE);
}
