package dev.turnout.switching;

import dev.turnout.routing.Latencies;
import dev.turnout.text.Counted;
import java.util.List;
import java.util.Locale;

/**
 * The judgement whether a slot serves worse than the slot before, by its errors and by its slow responses. A difference
 * counts if it is one in a hundred requests or more, and more than three standard deviations. Below {@value #LEAST}
 * requests on either side the judgement is inconclusive.
 *
 * @param verdict on the slot
 * @param reason a sentence for the operator
 */
record Judgement(WatchVerdict verdict, String reason) {

    /** The number of requests that a judgement needs. */
    static final int LEAST = 100;

    /** The share of the requests that a difference has to reach. */
    private static final double MATTERS = 0.01;

    /** How many standard deviations a difference has to have. */
    static final double CHANCE = 3;

    /** The same of one member of a fleet: of many members, one is worse by chance sooner. */
    static final double CHANCE_OF_ONE = 4;

    private static final long FEWEST_ERRORS = 5;

    /** During a watch many judgements are made, so a difference has to be larger. */
    private static final double PLAINLY_MATTERS = 0.05;

    private static final double PLAIN_CHANCE = 5;
    private static final long PLAINLY_FEWEST_ERRORS = 10;

    /** The quantile of the latencies that are compared. */
    static final double P99 = 0.99;

    private static final double SLOWER = 1.5;
    private static final double SLOWER_MILLIS = 10;

    /**
     * Judges a slot at the end of its watch.
     *
     * @param before what the old slot carried in the last minutes
     * @param after what the new slot has carried since
     * @param settled the latencies of the new slot at the end, in parts that follow one another. The first responses after a
     *     start are slow, and a single pause does not make a slow version.
     */
    static Judgement of(SlotTraffic before, SlotTraffic after, List<Latencies> settled) {
        return of(before, after, settled, CHANCE);
    }

    /**
     * Judges a slot at the end of its watch.
     *
     * @param chance how many standard deviations a difference has to have
     */
    static Judgement of(SlotTraffic before, SlotTraffic after, List<Latencies> settled, double chance) {
        if (after.requests() < LEAST) {
            return new Judgement(WatchVerdict.INCONCLUSIVE, few("the new slot has had", after));
        }
        if (before.requests() < LEAST) {
            return new Judgement(WatchVerdict.INCONCLUSIVE, few("the old slot had had", before));
        }
        if (hasMoreErrors(before, after, FEWEST_ERRORS, MATTERS, chance)) {
            return new Judgement(WatchVerdict.WORSE, "it fails more often: " + errors(before, after));
        }
        Latencies last = settled.stream().reduce(Latencies.NONE, Latencies::plus);
        // With few responses at the end, the whole watch is judged.
        Latencies judged = last.count() < LEAST ? after.latencies() : last;
        if (isSlower(before.latencies(), judged, chance)
                && settled.stream().allMatch(part -> part.count() < LEAST || isSlower(before.latencies(), part, 0))) {
            return new Judgement(WatchVerdict.WORSE, "it is slower: " + times(before.latencies(), judged));
        }
        return new Judgement(
                WatchVerdict.BETTER_OR_SAME, errors(before, after) + "; " + times(before.latencies(), judged));
    }

    /** Returns true if a slot fails so often that its watch can end early. */
    static boolean isPlainlyWorse(SlotTraffic before, SlotTraffic after) {
        return before.requests() >= LEAST
                && after.requests() >= LEAST
                && hasMoreErrors(before, after, PLAINLY_FEWEST_ERRORS, PLAINLY_MATTERS, PLAIN_CHANCE);
    }

    /** Returns the judgement of a watch that a stop of Turnout has ended. */
    static Judgement stopped() {
        return new Judgement(WatchVerdict.INCONCLUSIVE, "Turnout was stopped before the end of the watch");
    }

    /** Returns the judgement of a watch in a fleet whose store can't be read at its end. */
    static Judgement blind() {
        return new Judgement(
                WatchVerdict.INCONCLUSIVE,
                "etcd could not be read at its end, so what the other members saw is not known");
    }

    /** Returns this judgement with more words. */
    Judgement said(String more) {
        return new Judgement(verdict, reason + more);
    }

    /** Returns the judgement of a watch that a rollback has ended. */
    static Judgement takenBack() {
        return new Judgement(WatchVerdict.INCONCLUSIVE, "it was taken back before the end of the watch");
    }

    private static boolean hasMoreErrors(
            SlotTraffic before, SlotTraffic after, long fewest, double matters, double chance) {
        return after.errors() >= fewest
                && isMore(before.errors(), before.requests(), after.errors(), after.requests(), matters, chance);
    }

    /** Returns true if more responses than before took longer than 1.5 times the old p99 and 10 ms. */
    private static boolean isSlower(Latencies before, Latencies after, double chance) {
        if (before.count() < LEAST || after.count() < LEAST) {
            return false;
        }
        double limit = before.quantileMillis(P99) * SLOWER + SLOWER_MILLIS;
        return isMore(
                before.slowerThan(limit), before.count(), after.slowerThan(limit), after.count(), MATTERS, chance);
    }

    /** Returns true if the second proportion is larger, by the least difference and by so many standard deviations. */
    private static boolean isMore(long some, long of, long others, long ofOthers, double matters, double chance) {
        double more = Math.min(1, (double) others / ofOthers) - Math.min(1, (double) some / of);
        double common = Math.min(1, (double) (some + others) / (of + ofOthers));
        double deviation = Math.sqrt(common * (1 - common) * (1.0 / of + 1.0 / ofOthers));
        return more >= matters && more > chance * deviation;
    }

    private static String few(String who, SlotTraffic traffic) {
        return who + " " + Counted.requests(traffic.requests()) + ", and it takes " + LEAST + " to judge";
    }

    private static String errors(SlotTraffic before, SlotTraffic after) {
        return String.format(
                Locale.ROOT,
                "%d of %d requests failed (%.2f %%), before %d of %d (%.2f %%)",
                after.errors(),
                after.requests(),
                after.errorRate() * 100,
                before.errors(),
                before.requests(),
                before.errorRate() * 100);
    }

    private static String times(Latencies before, Latencies settled) {
        return String.format(
                Locale.ROOT,
                "p99 of %d answers was %.1f ms, %.1f ms before",
                settled.count(),
                settled.quantileMillis(P99),
                before.quantileMillis(P99));
    }
}
