package dev.turnout.support;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds requests that were answered under an older decision of a fleet after a newer one had been seen: what a strict switch
 * rules out, over all clients and members.
 */
public final class EpochOrder {

    private EpochOrder() {}

    /**
     * What a client notes of one request. All clients have one clock.
     *
     * @param sentNanos just before the first byte was sent
     * @param arrivedNanos just after the first byte of the answer had come
     * @param member that has answered
     * @param epoch of the decision that the answer was made under
     */
    public record Note(long sentNanos, long arrivedNanos, String member, long epoch) {}

    /**
     * A request that was sent after the answer of a newer epoch had arrived.
     *
     * @param late answered under an older epoch
     * @param newer the answer that had arrived before
     */
    public record Violation(Note late, Note newer) {}

    /** Returns all violations, in the order in which their requests were sent. One pass over the sorted times. */
    public static List<Violation> violations(List<Note> notes) {
        List<Note> bySent = sorted(notes, Comparator.comparingLong(Note::sentNanos));
        List<Note> byArrival = sorted(notes, Comparator.comparingLong(Note::arrivedNanos));
        List<Violation> violations = new ArrayList<>();
        Note newest = null;
        int arrived = 0;
        for (Note note : bySent) {
            // A request that was sent in the same nanosecond may have been first.
            while (arrived < byArrival.size() && byArrival.get(arrived).arrivedNanos() < note.sentNanos()) {
                Note answer = byArrival.get(arrived++);
                newest = newest == null || answer.epoch() > newest.epoch() ? answer : newest;
            }
            if (newest != null && note.epoch() < newest.epoch()) {
                violations.add(new Violation(note, newest));
            }
        }
        return violations;
    }

    private static List<Note> sorted(List<Note> notes, Comparator<Note> order) {
        List<Note> sorted = new ArrayList<>(notes);
        sorted.sort(order);
        return sorted;
    }
}
