package dev.turnout.config;

import java.util.Optional;

/** The values of keys, each of its key's type. */
interface Values {

    /** Returns the given value of a key, or its default; empty if there is neither. */
    <T> Optional<T> find(Key<T> key);

    /** Returns the name under which the value of a key is given, or would be given. */
    default String nameOf(Key<?> key) {
        return key.name();
    }

    /** Returns the value of a key that has a default, or that has to be given. */
    default <T> T get(Key<T> key) {
        return find(key).orElseThrow(() -> new IllegalStateException(key.name() + " has no value"));
    }
}
