package dev.turnout.fleet.decision;

import java.util.Arrays;

/** A set of states, each some numbers, in the order in which they were added. */
final class StateTable {

    private final int width;
    private int[] states;
    private int[] slots = new int[1 << 16];
    private int size;

    StateTable(int width) {
        this.width = width;
        states = new int[width << 14];
    }

    int size() {
        return size;
    }

    /** Copies a state. */
    void read(int id, int[] into) {
        System.arraycopy(states, id * width, into, 0, width);
    }

    /** Returns the number of a state; if it is new, it is added, and the result is {@code -number - 1}. */
    int add(int[] state) {
        int mask = slots.length - 1;
        int slot = hash(state, 0) & mask;
        while (slots[slot] != 0) {
            int id = slots[slot] - 1;
            if (Arrays.equals(states, id * width, (id + 1) * width, state, 0, width)) {
                return id;
            }
            slot = slot + 1 & mask;
        }
        if ((size + 1) * width > states.length) {
            states = Arrays.copyOf(states, states.length * 2);
        }
        System.arraycopy(state, 0, states, size * width, width);
        slots[slot] = ++size;
        if (size * 2 > slots.length) {
            grow();
        }
        return -size;
    }

    private void grow() {
        slots = new int[slots.length * 2];
        int mask = slots.length - 1;
        for (int id = 0; id < size; id++) {
            int slot = hash(states, id * width) & mask;
            while (slots[slot] != 0) {
                slot = slot + 1 & mask;
            }
            slots[slot] = id + 1;
        }
    }

    private int hash(int[] values, int from) {
        long hash = 0;
        for (int i = from; i < from + width; i++) {
            hash = (hash ^ values[i]) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        return (int) (hash ^ hash >>> 32);
    }
}
