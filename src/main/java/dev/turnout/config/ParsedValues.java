package dev.turnout.config;

import dev.turnout.config.ConfigCheck.Given;
import dev.turnout.config.TurnoutConfig.Mode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The values of keys, each read by its type, and the errors that were found in them. */
final class ParsedValues implements Values {

    private final Function<String, Optional<Given>> given;
    /** By the names of their keys: a key has much more that would have to be compared. */
    private final Map<String, Object> values = new HashMap<>();

    private final Map<String, String> defaults = new HashMap<>();
    private final List<String> errors = new ArrayList<>();

    /** @param given returns the value in force for the name of a key, if there is a value */
    ParsedValues(Function<String, Optional<Given>> given) {
        this.given = given;
    }

    /**
     * Reads the values of all keys, and returns all services. Service {@code default} is one of them if its targets are
     * given, or if the operator has named no other service.
     *
     * @param named what the operator has named
     */
    List<ServiceKeys> readAll(NamedKeys named) {
        List<ServiceKeys> services = new ArrayList<>();
        Keys.ofProgram().forEach(this::read);
        if (named.isDefaultImplied() || isGiven(ServiceSettings.BLUE) || isGiven(ServiceSettings.GREEN)) {
            services.add(ServiceKeys.ofDefault());
        }
        services.addAll(named.services());
        services.forEach(service -> service.all().forEach(this::read));
        named.besideServices().forEach(this::read);
        return services;
    }

    /** Reads the value of one key. */
    void read(Key<?> key) {
        Optional<String> found =
                given.apply(key.name()).map(value -> value.value().strip());
        if (found.isEmpty()) {
            key.defaultValue().ifPresent(value -> readDefault(key, value));
        } else {
            readGiven(key, found.get());
        }
    }

    private void readDefault(Key<?> key, String text) {
        defaults.put(key.name(), text);
        values.put(key.name(), key.type().reader().apply(text));
    }

    private void readGiven(Key<?> key, String text) {
        try {
            values.put(key.name(), key.type().reader().apply(text));
        } catch (NumberFormatException e) {
            error(key, "allowed is " + key.type().allowed());
        } catch (IllegalArgumentException | ArithmeticException e) {
            error(key, reason(key, e) + "allowed is " + key.type().allowed());
        }
    }

    /** Only a message that quotes the value is written for operators. */
    private static String reason(Key<?> key, RuntimeException e) {
        String message = e.getMessage();
        return message != null && message.startsWith("'") && !key.type().isSecret() ? message + "; " : "";
    }

    /** Returns true if a key is given a value, whether the value is legal or not. */
    boolean isGiven(Key<?> key) {
        return given.apply(key.name()).isPresent();
    }

    /** Returns a service's own key if it is given, legal or not; else the key at the top. */
    <T> Key<T> inForce(ServiceKeys service, Key<T> key) {
        Key<T> own = service.own(key);
        return isGiven(own) ? own : key;
    }

    /** Returns true if nginx serves the clients. */
    boolean isNginx() {
        return find(TurnoutConfig.MODE).filter(mode -> mode == Mode.NGINX).isPresent();
    }

    /** Records an error for each of the keys that is given a value, although the certificate is not. */
    void refuseWithoutCertificate(Key<Path> certificate, List<Key<Path>> keys) {
        if (!isGiven(certificate)) {
            keys.stream()
                    .filter(this::isGiven)
                    .forEach(key -> error(key, "there is no certificate with it; allowed with " + certificate.name()));
        }
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> Optional<T> find(Key<T> key) {
        return Optional.ofNullable((T) values.get(key.name()));
    }

    /** Records an error: what is wrong with the value of a key, and what is allowed. */
    void error(Key<?> key, String what) {
        String value = given.apply(key.name())
                .map(found -> key.name() + "=" + (key.type().isSecret() ? "(not shown)" : found.value()) + " ("
                        + found.source() + ")")
                .orElseGet(() -> defaults.containsKey(key.name())
                        ? key.name() + "=" + defaults.get(key.name()) + " (the default)"
                        : key.name());
        errors.add(value + ": " + what + ".");
    }

    /** Returns the errors so far. */
    List<String> errors() {
        return errors;
    }
}
