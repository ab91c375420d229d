package dev.turnout.fleet.decision;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;

/** The steps between states that are no faults, to find the states from which the fleet can't settle. */
final class StepGraph {

    private final BitSet settled = new BitSet();
    private int[] from = new int[1 << 16];
    private int[] to = new int[1 << 16];
    private int size;

    void add(int before, int after) {
        if (size == from.length) {
            from = Arrays.copyOf(from, size * 2);
            to = Arrays.copyOf(to, size * 2);
        }
        from[size] = before;
        to[size++] = after;
    }

    void settled(int state) {
        settled.set(state);
    }

    /** Returns the states from which no way leads to a settled one. */
    BitSet stuck(int states) {
        int[] head = new int[states];
        Arrays.fill(head, -1);
        int[] next = new int[size];
        for (int edge = 0; edge < size; edge++) {
            next[edge] = head[to[edge]];
            head[to[edge]] = edge;
        }
        BitSet good = (BitSet) settled.clone();
        ArrayDeque<Integer> queue = new ArrayDeque<>();
        good.stream().forEach(queue::add);
        while (!queue.isEmpty()) {
            for (int edge = head[queue.poll()]; edge >= 0; edge = next[edge]) {
                if (!good.get(from[edge])) {
                    good.set(from[edge]);
                    queue.add(from[edge]);
                }
            }
        }
        good.flip(0, states);
        return good;
    }
}
