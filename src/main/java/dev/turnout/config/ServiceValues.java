package dev.turnout.config;

import java.util.Optional;

/** The values that hold for one service: its own, and the values at the top where it has none. */
record ServiceValues(Values values, ServiceKeys service) implements Values {

    @Override
    public <T> Optional<T> find(Key<T> key) {
        return values.find(service.own(key)).or(() -> values.find(key));
    }

    @Override
    public String nameOf(Key<?> key) {
        Key<?> own = service.own(key);
        return values.find(own).isPresent() ? own.name() : key.name();
    }
}
