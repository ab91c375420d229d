package dev.turnout.config;

import dev.turnout.config.TurnoutConfig.Mode;
import dev.turnout.routing.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private final ParsedValues readings;
    private final List<ServiceKeys> services = new ArrayList<>();

    private ConfigCheck(ParsedValues readings) {
        this.readings = readings;
    }

    /**
     * Checks.
     *
     * @param given the value that is in force for a key, if anybody gives one
     * @param names the names under {@code turnout.} in files and system properties, and where each stands
     * @param variables the names of the environment variables that begin with {@code TURNOUT_}
     */
    static ConfigReport run(
            Function<String, Optional<Given>> given, Map<String, String> names, Collection<String> variables) {
        ParsedValues readings = new ParsedValues(given);
        List<String> errors = readings.errors();
        List<String> warnings = new ArrayList<>();
        List<ServiceKeys> services = ServiceNames.find(new TreeMap<>(names), new TreeSet<>(variables), errors);
        NameCheck nameCheck = new NameCheck(services);
        nameCheck.names(new TreeMap<>(names), errors);
        nameCheck.variables(new TreeSet<>(variables), errors, warnings);
        ConfigCheck check = new ConfigCheck(readings);
        check.take(services);
        check.admin();
        check.preview();
        check.addresses();
        check.targets();
        check.nginx();
        new ServiceCheck(readings, check.services).run(warnings);
        return new ConfigReport(errors, warnings);
    }

    private void take(List<ServiceKeys> others) {
        Key.ALL.forEach(readings::take);
        if (others.isEmpty() || readings.isGiven(Key.BLUE) || readings.isGiven(Key.GREEN)) {
            services.add(ServiceKeys.ofDefault());
            assume(Key.BLUE, ServiceSettings.STANDARD_BLUE);
            assume(Key.GREEN, ServiceSettings.STANDARD_GREEN);
        }
        others.forEach(service -> service.own().forEach(readings::take));
        services.addAll(others);
    }

    private void assume(Key<?> key, String standard) {
        if (!readings.isGiven(key)) {
            readings.assume(key, standard);
        }
    }

    private void admin() {
        boolean hasToken = readings.value(Key.ADMIN_TOKEN).isPresent();
        boolean isTokenBad = !hasToken && readings.isGiven(Key.ADMIN_TOKEN);
        if (hasToken || isTokenBad) {
            onFrontInNginxMode();
            return;
        }
        readings.value(Key.ADMIN_HOST)
                .filter(host -> !Hosts.isLoopback(host))
                .ifPresent(host -> readings.error(
                        Key.ADMIN_HOST,
                        "anybody who reaches this address could switch; allowed without a"
                                + " turnout.admin.token is loopback only, 127.0.0.1, ::1 or localhost"));
        if (readings.value(Key.ADMIN_ON_FRONT).orElse(false)) {
            readings.error(
                    Key.ADMIN_ON_FRONT, "every client could switch; allowed without a turnout.admin.token is false");
        }
        onFrontInNginxMode();
    }

    private void onFrontInNginxMode() {
        if (isNginx() && readings.value(Key.ADMIN_ON_FRONT).orElse(false)) {
            readings.error(Key.ADMIN_ON_FRONT, "the front port is nginx's; allowed with turnout.mode=nginx is false");
        }
    }

    private void preview() {
        if (isNginx() && readings.value(Key.PREVIEW).orElse(false)) {
            readings.error(
                    Key.PREVIEW,
                    "nginx decides which slot a request goes to; allowed with turnout.mode=nginx is false. The idle"
                            + " slot can be looked at at its own address");
        }
    }

    private boolean isNginx() {
        return readings.value(Key.MODE).filter(mode -> mode == Mode.NGINX).isPresent();
    }

    private void addresses() {
        if (!isNginx()
                && own(Key.LISTEN_HOST, Key.LISTEN_PORT).stream()
                        .anyMatch(front ->
                                own(Key.ADMIN_HOST, Key.ADMIN_PORT).stream().anyMatch(front::clashesWith))) {
            readings.error(Key.ADMIN_PORT, "turnout.listen.port is the same; allowed is any other port");
        }
    }

    private void targets() {
        for (ServiceKeys service : services) {
            for (Key<List<Target>> slot : List.of(service.blue(), service.green())) {
                readings.value(slot).orElse(List.of()).forEach(target -> notTurnoutItself(slot, target));
            }
        }
    }

    private void notTurnoutItself(Key<?> slot, Target target) {
        if (!isNginx()) {
            own(Key.LISTEN_HOST, Key.LISTEN_PORT)
                    .filter(front -> front.isReachedBy(target))
                    .ifPresent(front -> readings.error(
                            slot,
                            target + " is the address that Turnout listens on itself; allowed is where the"
                                    + " application listens"));
        }
        own(Key.ADMIN_HOST, Key.ADMIN_PORT)
                .filter(admin -> admin.isReachedBy(target))
                .ifPresent(admin -> readings.error(
                        slot, target + " is Turnout's own admin address; allowed is where the application listens"));
    }

    /** The include file has room for one service. */
    private void nginx() {
        services.stream()
                .filter(service -> isNginx() && !service.own().isEmpty())
                .forEach(service -> readings.error(
                        service.blue(),
                        "the include file has room for service 'default' only; allowed with turnout.mode=nginx is one"
                                + " Turnout for each service"));
    }

    /** An address that Turnout listens on. */
    private record Own(String host, int port) {

        boolean clashesWith(Own other) {
            return port != 0
                    && port == other.port
                    && (Hosts.areSame(host, other.host) || Hosts.isWildcard(host) || Hosts.isWildcard(other.host));
        }

        boolean isReachedBy(Target target) {
            boolean sameHost = Hosts.areSame(host, target.host())
                    || Hosts.isWildcard(target.host())
                    || Hosts.isLoopback(target.host()) && Hosts.isWildcard(host);
            return port == target.port() && sameHost;
        }
    }

    private Optional<Own> own(Key<String> host, Key<Integer> port) {
        return readings.value(host).flatMap(name -> readings.value(port).map(number -> new Own(name, number)));
    }
}
