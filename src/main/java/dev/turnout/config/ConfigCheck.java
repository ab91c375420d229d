package dev.turnout.config;

import dev.turnout.config.TurnoutConfig.Mode;
import dev.turnout.routing.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Checks a configuration whole before anything is started with it: every value by itself, the values against each
 * other, and names that are no keys. All errors are found at once.
 */
final class ConfigCheck {

    /**
     * A value and where it stands.
     *
     * @param source as an operator finds it: a file, an environment variable, a system property
     */
    record Given(String value, String source) {}

    private final Function<String, Optional<Given>> given;
    private final Map<Key<?>, Object> values = new HashMap<>();
    private final List<String> errors = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    private ConfigCheck(Function<String, Optional<Given>> given) {
        this.given = given;
    }

    /**
     * Checks.
     *
     * @param given the value that is in force for a key, if anybody gives one
     * @param names the names under {@code turnout.} in files and system properties, and where each stands
     * @param variables the names of the environment variables that begin with {@code TURNOUT_}
     */
    static Verdict run(
            Function<String, Optional<Given>> given, Map<String, String> names, Collection<String> variables) {
        ConfigCheck check = new ConfigCheck(given);
        NameCheck.names(new TreeMap<>(names), check.errors);
        NameCheck.variables(new TreeSet<>(variables), check.errors, check.warnings);
        Key.ALL.forEach(check::take);
        check.admin();
        check.addresses();
        check.slots();
        check.gate();
        return new Verdict(check.errors, check.warnings);
    }

    private void take(Key<?> key) {
        Optional<Given> found =
                given.apply(key.name()).map(value -> new Given(value.value().strip(), value.source()));
        if (found.isEmpty()) {
            key.standard()
                    .ifPresent(standard -> values.put(key, key.kind().reader().apply(standard)));
        } else if (found.get().value().isEmpty()) {
            if (key.standard().isPresent()) {
                error(key, "is empty; allowed is " + key.kind().allowed());
            }
        } else {
            read(key, found.get().value());
        }
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

    private void admin() {
        boolean hasToken = value(Key.ADMIN_TOKEN).isPresent();
        boolean isTokenBad = !hasToken
                && given.apply(Key.ADMIN_TOKEN.name()).stream()
                        .anyMatch(found -> !found.value().isBlank());
        if (hasToken || isTokenBad) {
            onFrontInNginxMode();
            return;
        }
        value(Key.ADMIN_HOST)
                .filter(host -> !Hosts.isLoopback(host))
                .ifPresent(host -> error(
                        Key.ADMIN_HOST,
                        "anybody who reaches this address could switch; allowed without a"
                                + " turnout.admin.token is loopback only, 127.0.0.1, ::1 or localhost"));
        if (value(Key.ADMIN_ON_FRONT).orElse(false)) {
            error(Key.ADMIN_ON_FRONT, "every client could switch; allowed without a turnout.admin.token is false");
        }
        onFrontInNginxMode();
    }

    private void onFrontInNginxMode() {
        if (isNginx() && value(Key.ADMIN_ON_FRONT).orElse(false)) {
            error(Key.ADMIN_ON_FRONT, "the front port is nginx's; allowed with turnout.mode=nginx is false");
        }
    }

    private boolean isNginx() {
        return value(Key.MODE).filter(mode -> mode == Mode.NGINX).isPresent();
    }

    private void addresses() {
        if (!isNginx()
                && own(Key.LISTEN_HOST, Key.LISTEN_PORT).stream()
                        .anyMatch(front ->
                                own(Key.ADMIN_HOST, Key.ADMIN_PORT).stream().anyMatch(front::clashesWith))) {
            error(Key.ADMIN_PORT, "turnout.listen.port is the same; allowed is any other port");
        }
    }

    private void slots() {
        Map<String, Key<?>> seen = new HashMap<>();
        for (Key<List<Target>> slot : List.of(Key.BLUE, Key.GREEN)) {
            for (Target target : value(slot).orElse(List.of())) {
                Key<?> other = seen.putIfAbsent(normalized(target), slot);
                if (other == slot) {
                    error(slot, target + " stands there twice; allowed is each target once");
                } else if (other != null) {
                    error(
                            slot,
                            target + " is a target of " + other.name() + " too; allowed is a target in one slot"
                                    + " only, since a switch would change nothing");
                }
                notTurnoutItself(slot, target);
            }
        }
    }

    private void notTurnoutItself(Key<?> slot, Target target) {
        if (!isNginx()) {
            own(Key.LISTEN_HOST, Key.LISTEN_PORT)
                    .filter(front -> front.isReachedBy(target))
                    .ifPresent(front -> error(
                            slot,
                            target + " is the address that Turnout listens on itself; allowed is where the"
                                    + " application listens"));
        }
        own(Key.ADMIN_HOST, Key.ADMIN_PORT)
                .filter(admin -> admin.isReachedBy(target))
                .ifPresent(admin -> error(
                        slot, target + " is Turnout's own admin address; allowed is where the application listens"));
    }

    private static String normalized(Target target) {
        String host =
                Hosts.isLoopback(target.host()) ? "localhost" : target.host().toLowerCase(Locale.ROOT);
        return host + ":" + target.port();
    }

    private void gate() {
        if (Set.of(Key.HEALTH_DEADLINE, Key.HEALTH_RISE, Key.HEALTH_INTERVAL).stream()
                .allMatch(values::containsKey)) {
            var least = value(Key.HEALTH_INTERVAL)
                    .orElseThrow()
                    .multipliedBy(value(Key.HEALTH_RISE).orElseThrow() - 1L);
            if (value(Key.HEALTH_DEADLINE).orElseThrow().compareTo(least) <= 0) {
                error(
                        Key.HEALTH_DEADLINE,
                        "no switch could ever pass; allowed is more than turnout.health.rise - 1"
                                + " times turnout.health.interval, " + least.toMillis() + "ms");
            }
        }
    }

    /** An address that Turnout listens on. */
    private record Own(String host, int port) {

        boolean clashesWith(Own other) {
            return port != 0
                    && port == other.port
                    && (host.equalsIgnoreCase(other.host) || Hosts.isWildcard(host) || Hosts.isWildcard(other.host));
        }

        boolean isReachedBy(Target target) {
            boolean sameHost = host.equalsIgnoreCase(target.host())
                    || Hosts.isWildcard(target.host())
                    || Hosts.isLoopback(target.host()) && (Hosts.isWildcard(host) || Hosts.isLoopback(host));
            return port == target.port() && sameHost;
        }
    }

    private Optional<Own> own(Key<String> host, Key<Integer> port) {
        return value(host).flatMap(name -> value(port).map(number -> new Own(name, number)));
    }

    /** The value in force, if it is a legal one. */
    @SuppressWarnings("unchecked")
    private <T> Optional<T> value(Key<T> key) {
        return Optional.ofNullable((T) values.get(key));
    }

    private void error(Key<?> key, String what) {
        String value = given.apply(key.name())
                .map(found -> key.name() + "=" + (key.isSecret() ? "(not shown)" : found.value()) + " ("
                        + found.source() + ")")
                .orElseGet(() -> key.name() + "=" + key.standard().orElse("") + " (the default)");
        errors.add(value + ": " + what + ".");
    }
}
