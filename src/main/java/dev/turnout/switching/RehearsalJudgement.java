package dev.turnout.switching;

import dev.turnout.routing.Latencies;
import dev.turnout.routing.RehearsalFigures;
import dev.turnout.text.Counted;
import java.util.Locale;

/**
 * The judgement whether the idle slot answers copies of requests worse than the active slot answered the requests.
 *
 * <p>Both slots have answered the same requests, so only those tell something of errors that one slot has failed alone. If
 * both are alike, each such request is as likely to be failed by one as by the other: the sign test (McNemar) says how
 * likely so many at the idle slot are. Times are compared twice: all of them by the statistic of Mann and Whitney, with an
 * allowance of a tenth, and the slowest by how many are above the active slot's p99 and a quarter.
 *
 * @param verdict on the idle slot
 * @param reason a sentence for the operator
 */
record RehearsalJudgement(RehearsalVerdict verdict, String reason) {

    static final double P50 = 0.5;
    static final double P99 = 0.99;

    /** By chance alone a version whose requests fail at random fails the sign test so often. */
    private static final double ERROR_CHANCE = 5e-4;

    /** The share of the requests that a difference of errors has to reach. */
    private static final double ERRORS_MATTER = 0.004;

    /** In standard deviations: one in thirty thousand. */
    private static final double TIME_CHANCE = 4;

    /** Times are known to about a tenth. */
    private static final int ALLOWED_BUCKETS = 1;

    private static final double TAIL = 1.25;
    private static final double TAIL_MATTERS = 0.005;

    /** Nobody notices less. Milliseconds. */
    private static final double LEAST_MILLIS = 1;

    /** Judges figures, however few there are. */
    static RehearsalJudgement of(RehearsalFigures figures) {
        if (failsMore(figures)) {
            return new RehearsalJudgement(RehearsalVerdict.FAILS, "the idle slot fails more often: " + errors(figures));
        }
        if (isSlower(figures.active(), figures.idle())) {
            return new RehearsalJudgement(RehearsalVerdict.SLOWER, "the idle slot is slower: " + times(figures));
        }
        return new RehearsalJudgement(RehearsalVerdict.BETTER_OR_SAME, errors(figures) + "; " + times(figures));
    }

    /** Judges figures that are fewer than it takes. */
    static RehearsalJudgement tooFew(RehearsalFigures figures, int needed) {
        return new RehearsalJudgement(
                RehearsalVerdict.TOO_FEW,
                Counted.of(figures.pairs(), "request has", "requests have") + " been rehearsed, and it takes " + needed
                        + " to judge");
    }

    private static boolean failsMore(RehearsalFigures figures) {
        long more = figures.onlyIdle() - figures.onlyActive();
        return more > 0
                && more >= ERRORS_MATTER * figures.pairs()
                && chance(figures.onlyIdle(), figures.onlyIdle() + figures.onlyActive()) <= ERROR_CHANCE;
    }

    /** Returns how likely at least so many of all throws of a coin are heads. */
    private static double chance(long heads, long of) {
        double chance = 0;
        double logarithm = -of * Math.log(2);
        for (long k = 0; k <= of; k++) {
            if (k >= heads) {
                chance += Math.exp(logarithm);
            }
            logarithm += Math.log((double) (of - k) / (k + 1));
        }
        return chance;
    }

    private static boolean isSlower(Latencies active, Latencies idle) {
        return isMuchLonger(active, idle, P50) && isShifted(active, idle)
                || isMuchLonger(active, idle, P99) && (isShifted(active, idle) || hasLongerTail(active, idle));
    }

    private static boolean isMuchLonger(Latencies active, Latencies idle, double quantile) {
        return idle.quantileMillis(quantile) - active.quantileMillis(quantile) >= LEAST_MILLIS;
    }

    private static boolean isShifted(Latencies active, Latencies idle) {
        if (active.count() == 0 || idle.count() == 0) {
            return false;
        }
        double deviation = Math.sqrt((active.count() + idle.count() + 1) / (12.0 * active.count() * idle.count()));
        return idle.longerThan(active, ALLOWED_BUCKETS) - 0.5 > TIME_CHANCE * deviation;
    }

    private static boolean hasLongerTail(Latencies active, Latencies idle) {
        double limit = active.quantileMillis(P99) * TAIL + LEAST_MILLIS;
        double before = (double) active.slowerThan(limit) / active.count();
        double after = (double) idle.slowerThan(limit) / idle.count();
        double common = (before * active.count() + after * idle.count()) / (active.count() + idle.count());
        double deviation = Math.sqrt(common * (1 - common) * (1.0 / active.count() + 1.0 / idle.count()));
        return after - before >= TAIL_MATTERS && after - before > TIME_CHANCE * deviation;
    }

    private static String errors(RehearsalFigures figures) {
        return String.format(
                Locale.ROOT,
                "%d of %d copies failed, and %d of the requests; %d failed in the idle slot alone, and %d in the active"
                        + " slot alone",
                figures.idleErrors(),
                figures.pairs(),
                figures.activeErrors(),
                figures.onlyIdle(),
                figures.onlyActive());
    }

    private static String times(RehearsalFigures figures) {
        return String.format(
                Locale.ROOT,
                "p50 %.1f ms and p99 %.1f ms, in the active slot %.1f ms and %.1f ms",
                figures.idle().quantileMillis(P50),
                figures.idle().quantileMillis(P99),
                figures.active().quantileMillis(P50),
                figures.active().quantileMillis(P99));
    }
}
