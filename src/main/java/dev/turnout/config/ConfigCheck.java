package dev.turnout.config;

import dev.turnout.config.ListenConfig.Plain;
import dev.turnout.config.TurnoutConfig.ProxyProtocol;
import dev.turnout.routing.Target;
import dev.turnout.routing.TcpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The check of a whole configuration: every value, the values against each other, and names that are not keys. All
 * errors are found at once.
 */
final class ConfigCheck {

    /**
     * A value and its place.
     *
     * @param source the place in the operator's words: a file, an environment variable, a system property
     */
    record Given(String value, String source) {}

    private final ParsedValues values;
    private final List<ServiceKeys> services;
    private final TlsConfig tls;

    private ConfigCheck(ParsedValues values, List<ServiceKeys> services, TlsConfig tls) {
        this.values = values;
        this.services = services;
        this.tls = tls;
    }

    /**
     * Checks the configuration.
     *
     * @param given returns the value in force for the name of a key, if there is a value
     * @param names the names under {@code turnout.} in files and system properties, each with its place
     * @param variables the names of the environment variables that begin with {@code TURNOUT_}
     */
    static ConfigReport run(
            Function<String, Optional<Given>> given, Map<String, String> names, Collection<String> variables) {
        ParsedValues values = new ParsedValues(given);
        List<String> errors = values.errors();
        List<String> warnings = new ArrayList<>();
        NamedKeys named = NamedKeys.find(new TreeMap<>(names), new TreeSet<>(variables), errors);
        NameCheck nameCheck = new NameCheck(named);
        nameCheck.names(new TreeMap<>(names), errors);
        nameCheck.variables(new TreeSet<>(variables), errors, warnings);
        List<ServiceKeys> services = values.readAll(named);
        ConfigCheck check = new ConfigCheck(values, services, new TlsConfig(values, named.certificates()));
        check.admin();
        new AdminTlsCheck(values).run(warnings);
        check.preview();
        check.proxyProtocol();
        check.addresses();
        check.plainPort();
        check.targets();
        check.nginx();
        check.pages(warnings);
        new ServiceCheck(values, services).run(warnings);
        new TargetTlsCheck(values, services).run(warnings);
        new SendProxyCheck(values, services).run();
        new StickyCheck(values, services).run();
        new RuleCheck(values, services, named.rules()).run();
        new TlsCheck(values, services, named.certificates()).run(warnings);
        new AcmeCheck(values, ServiceSettings.hosts(values, services)).run(warnings);
        new NotifyCheck(values, named.receivers()).run(warnings);
        new TracingCheck(values).run(warnings);
        new FleetCheck(values).run(warnings);
        return new ConfigReport(errors, warnings);
    }

    private void admin() {
        boolean hasToken = values.find(AdminConfig.TOKEN).isPresent();
        boolean isTokenBad = !hasToken && values.isGiven(AdminConfig.TOKEN);
        if (hasToken || isTokenBad) {
            onFrontInNginxMode();
            return;
        }
        values.find(AdminConfig.HOST)
                .filter(host -> !Hosts.isLoopback(host))
                .ifPresent(host -> values.error(
                        AdminConfig.HOST,
                        "anybody who reaches this address could switch; allowed without a"
                                + " turnout.admin.token is loopback only, 127.0.0.1, ::1 or localhost"));
        if (values.find(AdminConfig.ON_FRONT).orElse(false)) {
            values.error(
                    AdminConfig.ON_FRONT, "every client could switch; allowed without a turnout.admin.token is false");
        }
        onFrontInNginxMode();
    }

    private void onFrontInNginxMode() {
        if (values.isNginx() && values.find(AdminConfig.ON_FRONT).orElse(false)) {
            values.error(AdminConfig.ON_FRONT, "the front port is nginx's; allowed with turnout.mode=nginx is false");
        }
    }

    /** Warns of pages and assets that nobody looks at: nginx serves the clients, or no page stands for the statuses. */
    private void pages(List<String> warnings) {
        services.stream()
                .map(service -> service.own(ErrorPagesConfig.INTERCEPT))
                .distinct()
                .filter(values::isGiven)
                .filter(key -> ErrorPagesConfig.keys()
                        .noneMatch(page -> values.isGiven(page)
                                || services.stream().anyMatch(service -> values.isGiven(service.own(page)))))
                .forEach(key -> warnings.add(key.name() + " has no effect: no page is given. Set turnout.errors.5xx to"
                        + " the file of a page."));
        if (values.isNginx()) {
            Stream.concat(ErrorPagesConfig.keys(), Stream.of(ErrorPagesConfig.INTERCEPT))
                    .flatMap(key -> services.stream().map(service -> service.own(key)))
                    .distinct()
                    .filter(values::isGiven)
                    .forEach(
                            key -> warnings.add(key.name() + " has no effect: with turnout.mode=nginx nginx answers the"
                                    + " clients. Set the page in nginx: 'error_page 502 /502.html;'"));
            Stream.of(RehearsalConfig.SHARE, RehearsalConfig.GATE_REQUESTS)
                    .flatMap(key -> services.stream().map(service -> service.own(key)))
                    .distinct()
                    .filter(values::isGiven)
                    .forEach(key -> warnings.add(key.name()
                            + " has no effect: with turnout.mode=nginx nginx carries the requests, and copies none."));
            services.stream()
                    .map(service -> service.own(ServiceSettings.ASSET_PATHS))
                    .distinct()
                    .filter(values::isGiven)
                    .forEach(key -> warnings.add(
                            key.name() + " has no effect: with turnout.mode=nginx nginx answers the" + " clients."));
        }
    }

    private void preview() {
        if (values.isNginx() && values.find(SlotConfig.PREVIEW).orElse(false)) {
            values.error(
                    SlotConfig.PREVIEW,
                    "nginx decides which slot a request goes to; allowed with turnout.mode=nginx is false. The idle"
                            + " slot can be looked at at its own address");
        }
    }

    private void proxyProtocol() {
        boolean isRequired = values.find(TurnoutConfig.PROXY_PROTOCOL)
                .filter(protocol -> protocol == ProxyProtocol.REQUIRE)
                .isPresent();
        if (isRequired && values.find(TurnoutConfig.TRUSTED_PROXIES).isEmpty()) {
            values.error(
                    TurnoutConfig.PROXY_PROTOCOL,
                    "every connection would be closed, since no peer's header is believed; allowed without"
                            + " turnout.trusted-proxies is off or accept");
        }
    }

    private void addresses() {
        if (!values.isNginx()
                && ownPlain().stream().anyMatch(front -> own(AdminConfig.HOST, AdminConfig.PORT).stream()
                        .anyMatch(front::clashesWith))) {
            values.error(AdminConfig.PORT, "turnout.listen.port is the same; allowed is any other port");
        }
        ownTls().ifPresent(secure -> {
            if (ownPlain().stream().anyMatch(secure::clashesWith)) {
                values.error(TlsConfig.PORT, "turnout.listen.port is the same; allowed is any other port");
            }
            if (own(AdminConfig.HOST, AdminConfig.PORT).stream().anyMatch(secure::clashesWith)) {
                values.error(TlsConfig.PORT, "turnout.admin.port is the same; allowed is any other port");
            }
        });
    }

    private void plainPort() {
        boolean isRestricted = values.find(ListenConfig.PLAIN)
                .filter(plain -> plain != Plain.ON)
                .isPresent();
        if (isRestricted && ownTls().isEmpty()) {
            values.error(
                    ListenConfig.PLAIN,
                    values.isNginx()
                            ? "the front port is nginx's; allowed with turnout.mode=nginx is on"
                            : "there is no port for HTTPS, so nothing would be served; allowed without a certificate"
                                    + " is on");
        }
    }

    private Optional<Own> ownPlain() {
        return values.find(ListenConfig.PLAIN)
                        .filter(plain -> plain == Plain.OFF)
                        .isPresent()
                ? Optional.empty()
                : own(ListenConfig.HOST, ListenConfig.PORT);
    }

    private Optional<Own> ownTls() {
        return values.isNginx()
                ? Optional.empty()
                : values.find(ListenConfig.HOST).flatMap(host -> tls.port().map(port -> new Own(host, port)));
    }

    private void targets() {
        for (ServiceKeys service : services) {
            for (Key<List<Target>> slot : service.slots()) {
                values.find(slot).orElse(List.of()).forEach(target -> notTurnoutItself(slot, target));
            }
        }
    }

    private void notTurnoutItself(Key<?> slot, Target target) {
        if (!values.isNginx()) {
            ownPlain()
                    .filter(front -> front.isReachedBy(target))
                    .or(() -> ownTls().filter(secure -> secure.isReachedBy(target)))
                    .ifPresent(front -> values.error(
                            slot,
                            target + " is the address that Turnout listens on itself; allowed is where the"
                                    + " application listens"));
        }
        own(AdminConfig.HOST, AdminConfig.PORT)
                .filter(admin -> admin.isReachedBy(target))
                .ifPresent(admin -> values.error(
                        slot, target + " is Turnout's own admin address; allowed is where the application listens"));
    }

    /** Rejects further services in nginx mode. The include file has room for one service. */
    private void nginx() {
        services.stream()
                .filter(service -> values.isNginx() && !service.isDefault())
                .forEach(service -> values.error(
                        service.own(ServiceSettings.BLUE),
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
            return target.address() instanceof TcpAddress tcp && port == tcp.port() && isReachedBy(tcp.host());
        }

        private boolean isReachedBy(String other) {
            return Hosts.areSame(host, other)
                    || Hosts.isWildcard(other)
                    || Hosts.isLoopback(other) && Hosts.isWildcard(host);
        }
    }

    private Optional<Own> own(Key<String> host, Key<Integer> port) {
        return values.find(host).flatMap(name -> values.find(port).map(number -> new Own(name, number)));
    }
}
