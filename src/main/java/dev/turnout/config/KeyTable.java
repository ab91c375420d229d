package dev.turnout.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A part of the table of keys, in the order of the reference. */
final class KeyTable {

    private final List<Key<?>> keys = new ArrayList<>();

    /** Appends a key and returns it. */
    <T> Key<T> add(Key<T> key) {
        keys.add(key);
        return key;
    }

    Stream<Key<?>> stream() {
        return keys.stream();
    }
}
