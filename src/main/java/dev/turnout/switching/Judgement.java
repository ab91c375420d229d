package dev.turnout.switching;

import dev.turnout.routing.Latencies;
import java.util.Locale;

/**
 * Whether a slot serves worse than the one before it did: by its errors, and by the slowest hundredth of its answers.
 * A difference counts if it matters and is more than chance; three standard deviations are. Below {@value #LEAST}
 * requests on either side nothing can be said.
 *
 * @param verdict what is to be done
 * @param reason a sentence for the operator
 */
record Judgement(Verdict verdict, String reason) {

    /** How many requests a judgement takes. */
    static final int LEAST = 100;

    private static final double CHANCE = 3;

    /** More than this of all requests. */
    private static final double MORE_ERRORS = 0.01;

    /** While the watch goes on it is asked often, so only what leaves no doubt counts. */
    private static final double PLAIN_CHANCE = 5;

    private static final double PLAINLY_MORE_ERRORS = 0.05;

    private static final double SLOWEST = 0.01;
    private static final double SLOWER = 1.5;
    private static final double SLOWER_MILLIS = 10;

    /**
     * Judges a slot at the end of its watch.
     *
     * @param before what the old slot carried in the last minutes
     * @param after what the new one has carried since
     * @param settled how long the new one's answers have taken in the end: the first ones after a start are slow
     */
    static Judgement of(SlotTraffic before, SlotTraffic after, Latencies settled) {
        if (after.requests() < LEAST) {
            return new Judgement(Verdict.INCONCLUSIVE, few("the new slot has had", after));
        }
        if (before.requests() < LEAST) {
            return new Judgement(Verdict.INCONCLUSIVE, few("the old slot had had", before));
        }
        if (hasMoreErrors(before, after, MORE_ERRORS, CHANCE)) {
            return new Judgement(Verdict.WORSE, "it fails more often: " + errors(before, after));
        }
        if (isSlower(before.latencies(), settled)) {
            return new Judgement(Verdict.WORSE, "it is slower: " + times(before.latencies(), settled));
        }
        return new Judgement(Verdict.BETTER_OR_SAME, errors(before, after) + "; " + times(before.latencies(), settled));
    }

    /** Whether a slot fails so often that the end of its watch need not be waited for. */
    static boolean isPlainlyWorse(SlotTraffic before, SlotTraffic after) {
        return before.requests() >= LEAST
                && after.requests() >= LEAST
                && hasMoreErrors(before, after, PLAINLY_MORE_ERRORS, PLAIN_CHANCE);
    }

    /** Two proportions compared: how far they lie apart, in standard deviations of what they have in common. */
    private static boolean hasMoreErrors(SlotTraffic before, SlotTraffic after, double least, double chance) {
        double more = after.errorRate() - before.errorRate();
        double common =
                Math.min(1, (double) (before.errors() + after.errors()) / (before.requests() + after.requests()));
        double deviation = Math.sqrt(common * (1 - common) * (1.0 / before.requests() + 1.0 / after.requests()));
        return more >= least && more > chance * deviation;
    }

    /** As many as one in a hundred took longer than the p99 of before even there: it takes more, well beyond that time. */
    private static boolean isSlower(Latencies before, Latencies settled) {
        if (before.count() < LEAST || settled.count() < LEAST) {
            return false;
        }
        double limit = before.quantileMillis(1 - SLOWEST) * SLOWER + SLOWER_MILLIS;
        double slow = (double) settled.slowerThan(limit) / settled.count();
        double deviation = Math.sqrt(SLOWEST * (1 - SLOWEST) / settled.count());
        return slow - SLOWEST > CHANCE * deviation;
    }

    private static String few(String who, SlotTraffic traffic) {
        return who + " " + traffic.requests() + " requests, and it takes " + LEAST + " to judge";
    }

    private static String errors(SlotTraffic before, SlotTraffic after) {
        return String.format(
                Locale.ROOT,
                "%.2f %% of %d requests failed, %.2f %% of %d before",
                after.errorRate() * 100,
                after.requests(),
                before.errorRate() * 100,
                before.requests());
    }

    private static String times(Latencies before, Latencies settled) {
        return String.format(
                Locale.ROOT,
                "p99 of %d answers was %.1f ms, %.1f ms before",
                settled.count(),
                settled.quantileMillis(1 - SLOWEST),
                before.quantileMillis(1 - SLOWEST));
    }
}
