package dev.turnout.routing;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;

/**
 * What has become of requests that have ended, since the start.
 *
 * @param answers how many there were of each method and status
 * @param durations how long they took from the request's head to the end of the response, by class of status; without
 *     requests that have no end of their own, such as WebSockets and event streams
 * @param failed requests with a status of 500 or above, or with a cut response, by the fault of the application or of
 *     Turnout
 * @param traced requests whose traces are recorded, by class of status: the last one of each bucket
 */
public record RequestTotals(
        Map<Answer, Long> answers,
        Map<String, Latencies> durations,
        long failed,
        Map<String, List<TracedTime>> traced) {

    /** The totals of no request. */
    public static final RequestTotals NONE = new RequestTotals(Map.of(), Map.of(), 0, Map.of());

    /**
     * What was asked and answered.
     *
     * @param method in upper case; {@code other} for one that is not known
     * @param status that the client got; 499 if the client had gone before
     */
    public record Answer(String method, int status) {}

    /** Returns the class of a status, such as {@code 2xx}. */
    public static String statusClass(int status) {
        return status / 100 + "xx";
    }

    /** Returns how many requests there were. */
    public long count() {
        return answers.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Returns how long all of them took. */
    public Latencies allDurations() {
        return durations.values().stream().reduce(Latencies.NONE, Latencies::plus);
    }

    /** Returns these requests and others. */
    public RequestTotals plus(RequestTotals others) {
        return new RequestTotals(
                merged(answers, others.answers, Long::sum),
                merged(durations, others.durations, Latencies::plus),
                failed + others.failed,
                merged(traced, others.traced, RequestTotals::both));
    }

    private static List<TracedTime> both(List<TracedTime> one, List<TracedTime> other) {
        return Stream.concat(one.stream(), other.stream()).toList();
    }

    private static <K, V> Map<K, V> merged(Map<K, V> one, Map<K, V> other, BinaryOperator<V> sum) {
        Map<K, V> merged = new HashMap<>(one);
        other.forEach((key, value) -> merged.merge(key, value, sum));
        return Map.copyOf(merged);
    }
}
