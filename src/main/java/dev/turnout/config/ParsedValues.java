package dev.turnout.config;

import dev.turnout.config.ConfigCheck.Given;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The values of keys, each read by its kind, and what was found wrong with them. */
final class ParsedValues {

    private final Function<String, Optional<Given>> given;
    private final Map<Key<?>, Object> values = new HashMap<>();
    private final Map<Key<?>, String> standards = new HashMap<>();
    private final List<String> errors = new ArrayList<>();

    /** @param given the value that is in force for the name of a key, if anybody gives one */
    ParsedValues(Function<String, Optional<Given>> given) {
        this.given = given;
    }

    /** Reads the value of a key, or its default. */
    void take(Key<?> key) {
        Optional<Given> found =
                given.apply(key.name()).map(value -> new Given(value.value().strip(), value.source()));
        if (found.isEmpty()) {
            key.standard().ifPresent(standard -> assume(key, standard));
        } else if (found.get().value().isEmpty()) {
            if (key.standard().isPresent()) {
                error(key, "is empty; allowed is " + key.kind().allowed());
            }
        } else {
            read(key, found.get().value());
        }
    }

    /** Takes a legal value for that of a key which nobody gives one. */
    void assume(Key<?> key, String standard) {
        standards.put(key, standard);
        values.put(key, key.kind().reader().apply(standard));
    }

    private void read(Key<?> key, String text) {
        try {
            values.put(key, key.kind().reader().apply(text));
        } catch (NumberFormatException e) {
            error(key, "allowed is " + key.kind().allowed());
        } catch (IllegalArgumentException | ArithmeticException e) {
            boolean explains =
                    !key.isSecret() && e.getMessage() != null && e.getMessage().startsWith("'");
            error(
                    key,
                    (explains ? e.getMessage() + "; " : "") + "allowed is "
                            + key.kind().allowed());
        }
    }

    /** Whether somebody gives a key a value, a legal one or not. */
    boolean isGiven(Key<?> key) {
        return given.apply(key.name()).filter(found -> !found.value().isBlank()).isPresent();
    }

    /** The value in force, if it is a legal one. */
    @SuppressWarnings("unchecked")
    <T> Optional<T> value(Key<T> key) {
        return Optional.ofNullable((T) values.get(key));
    }

    /** Takes note of an error: what is wrong with the value of a key, and what is allowed. */
    void error(Key<?> key, String what) {
        String value = given.apply(key.name())
                .map(found -> key.name() + "=" + (key.isSecret() ? "(not shown)" : found.value()) + " ("
                        + found.source() + ")")
                .orElseGet(() -> standards.containsKey(key)
                        ? key.name() + "=" + standards.get(key) + " (the default)"
                        : key.name());
        errors.add(value + ": " + what + ".");
    }

    /** The errors so far. */
    List<String> errors() {
        return errors;
    }
}
