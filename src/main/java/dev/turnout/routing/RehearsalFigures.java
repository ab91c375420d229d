package dev.turnout.routing;

/**
 * What a rehearsal has found since its counts began: with a flip, with a new version in the idle slot, or with the call that
 * began it. A pair is a request that both slots have answered, or failed. An immutable value.
 *
 * @param percent the share of the safe requests that is copied; 0 if none is
 * @param atRunTime whether a call has set the share, and not the configuration
 * @param run a number that is another one whenever the counts begin anew
 * @param pairs how many pairs there are
 * @param statusDiffers pairs whose statuses differ
 * @param activeErrors pairs in which the active slot failed: a status of 500 or above, or no answer
 * @param idleErrors pairs in which the idle slot failed
 * @param onlyActive pairs in which the active slot failed alone
 * @param onlyIdle pairs in which the idle slot failed alone
 * @param dropped requests that were not copied since something was full
 * @param active how long the active slot took until the head of its answer, of pairs that both have answered
 * @param idle how long the idle slot took
 */
public record RehearsalFigures(
        double percent,
        boolean atRunTime,
        long run,
        long pairs,
        long statusDiffers,
        long activeErrors,
        long idleErrors,
        long onlyActive,
        long onlyIdle,
        long dropped,
        Latencies active,
        Latencies idle) {

    /** The figures where nothing was copied. */
    public static final RehearsalFigures NONE =
            new RehearsalFigures(0, false, 0, 0, 0, 0, 0, 0, 0, 0, Latencies.NONE, Latencies.NONE);

    /** Returns true if requests are copied. */
    public boolean isOn() {
        return percent > 0;
    }

    /** Returns these figures without an earlier part of them. */
    public RehearsalFigures since(RehearsalFigures earlier) {
        return new RehearsalFigures(
                percent,
                atRunTime,
                run,
                pairs - earlier.pairs,
                statusDiffers - earlier.statusDiffers,
                activeErrors - earlier.activeErrors,
                idleErrors - earlier.idleErrors,
                onlyActive - earlier.onlyActive,
                onlyIdle - earlier.onlyIdle,
                dropped - earlier.dropped,
                active.minus(earlier.active),
                idle.minus(earlier.idle));
    }
}
