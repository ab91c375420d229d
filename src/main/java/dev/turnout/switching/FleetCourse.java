package dev.turnout.switching;

import java.time.Duration;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What all members of a fleet see of a watched slot. It is judged by the sum, and by each member that has seen enough: a
 * version that is bad from one machine only is bad. One thread.
 */
final class FleetCourse {

    private final Duration time;
    private final WatchCourse all;
    private final SortedMap<String, WatchCourse> members = new TreeMap<>();

    /** @param time of the watch */
    FleetCourse(Duration time) {
        this.time = time;
        this.all = new WatchCourse(time);
    }

    /**
     * What a member sees.
     *
     * @param before what the old slot carried in the minutes before the flip
     * @param after what the new slot has carried since
     */
    record Sides(SlotTraffic before, SlotTraffic after) {

        private Sides plus(Sides other) {
            return new Sides(before.plus(other.before), after.plus(other.after));
        }
    }

    /**
     * Takes what members have said.
     *
     * @param passed since the flip
     * @param said by the names of the members. Of those that say nothing any more, and of those that were started anew, it
     *     stays as it was.
     */
    void look(Duration passed, SortedMap<String, Sides> said) {
        said.forEach((member, sides) -> {
            WatchCourse course = members.computeIfAbsent(member, name -> new WatchCourse(time));
            if (sides.after().claimed() >= course.after().claimed()) {
                course.look(passed, sides.before(), sides.after());
            }
        });
        Sides sum = members.values().stream()
                .map(course -> new Sides(course.before(), course.after()))
                .reduce(new Sides(SlotTraffic.NONE, SlotTraffic.NONE), Sides::plus);
        all.look(passed, sum.before(), sum.after());
    }

    /** Returns the course of all members together. */
    WatchCourse all() {
        return all;
    }

    /** Returns those of some members that have said nothing yet. */
    SortedSet<String> silent(SortedSet<String> names) {
        SortedSet<String> silent = new TreeSet<>(names);
        silent.removeAll(members.keySet());
        return silent;
    }

    /** Returns true if the slot fails so often, by all together or by one member, that its watch can end early. */
    boolean isPlainlyWorse() {
        return all.isPlainlyWorse() || members.values().stream().anyMatch(WatchCourse::isPlainlyWorse);
    }

    /** Judges a slot that is plainly worse, during its watch. */
    Judgement early() {
        if (all.isPlainlyWorse()) {
            return all.early();
        }
        return members.entrySet().stream()
                .filter(member -> member.getValue().isPlainlyWorse())
                .map(member -> member.getValue().early().said(" at member " + member.getKey()))
                .findFirst()
                .orElseGet(all::early);
    }

    /**
     * Judges the slot at the end of its watch.
     *
     * @param others all members but this one
     */
    Judgement judge(SortedSet<String> others) {
        Judgement sum = all.judge(Judgement.CHANCE);
        if (others.isEmpty()) {
            return sum;
        }
        Judgement judged = sum;
        if (sum.verdict() != WatchVerdict.WORSE) {
            judged = members.entrySet().stream()
                    .map(member ->
                            member.getValue().judge(Judgement.CHANCE_OF_ONE).said(" at member " + member.getKey()))
                    .filter(judgement -> judgement.verdict() == WatchVerdict.WORSE)
                    .findFirst()
                    .orElse(sum);
        }
        SortedSet<String> silent = silent(others);
        int of = others.size() + 1;
        return judged.said("; seen by " + (of - silent.size()) + " of " + of + " members"
                + (silent.isEmpty() ? "" : ", nothing is known of " + String.join(", ", silent)));
    }
}
