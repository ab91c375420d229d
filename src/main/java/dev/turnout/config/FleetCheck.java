package dev.turnout.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The check of the keys under {@code turnout.fleet} against each other and the mode. */
final class FleetCheck {

    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(2);

    private final ParsedValues values;

    FleetCheck(ParsedValues values) {
        this.values = values;
    }

    void run(List<String> warnings) {
        Optional<List<URI>> endpoints = values.find(FleetConfig.ENDPOINTS);
        if (!values.isGiven(FleetConfig.ENDPOINTS)) {
            FleetConfig.KEYS.stream()
                    .filter(values::isGiven)
                    .findFirst()
                    .ifPresent(key -> warnings.add("This Turnout is in no fleet although " + key.name()
                            + " has a value: that takes " + FleetConfig.ENDPOINTS.name() + "."));
            return;
        }
        if (values.isNginx()) {
            values.error(
                    FleetConfig.ENDPOINTS,
                    "a reload of nginx can't be held back until all members agree; allowed with turnout.mode=nginx is"
                            + " no fleet");
        }
        if (values.isGiven(DockerConfig.SOCKET)) {
            values.error(
                    DockerConfig.SOCKET,
                    "targets are decided by the fleet, and the address of a container is one of its own machine; allowed"
                            + " in a fleet is no " + DockerConfig.SOCKET.name());
        }
        if (values.isGiven(FleetConfig.USER) != values.isGiven(FleetConfig.PASSWORD_FILE)) {
            Key<?> given = values.isGiven(FleetConfig.USER) ? FleetConfig.USER : FleetConfig.PASSWORD_FILE;
            values.error(
                    given,
                    "a user has a password; allowed with both of " + FleetConfig.USER.name() + " and "
                            + FleetConfig.PASSWORD_FILE.name());
        }
        values.refuseWithoutCertificate(FleetConfig.CERT, List.of(FleetConfig.KEY));
        endpoints
                .filter(urls -> urls.stream().allMatch(url -> "http".equals(url.getScheme())))
                .ifPresent(urls -> plain(urls, warnings));
        refuseShortDoubt();
        values.find(FleetConfig.LEASE)
                .filter(lease -> lease.compareTo(SHORTEST_LEASE) < 0)
                .ifPresent(lease ->
                        values.error(FleetConfig.LEASE, "etcd grants no lease that is shorter; allowed is 2s or more"));
    }

    /** In doubt is who has taken a vote back, and does not know whether that came in time. */
    private void refuseShortDoubt() {
        Optional<Duration> hold = values.find(FleetConfig.HOLD);
        values.find(FleetConfig.IN_DOUBT)
                .filter(doubt -> hold.isPresent() && doubt.compareTo(hold.get()) <= 0)
                .ifPresent(doubt -> values.error(
                        FleetConfig.IN_DOUBT,
                        "a vote is taken back first; allowed is a time that is longer than that of "
                                + FleetConfig.HOLD.name()));
    }

    private void plain(List<URI> urls, List<String> warnings) {
        for (Key<Path> key : List.of(FleetConfig.CA_FILE, FleetConfig.CERT)) {
            if (values.isGiven(key)) {
                values.error(
                        key,
                        "etcd is spoken to over plain HTTP; allowed with a " + FleetConfig.ENDPOINTS.name()
                                + " that begins with https://");
            }
        }
        if (urls.stream().anyMatch(url -> !Hosts.isLoopback(url.getHost()))) {
            warnings.add(FleetConfig.ENDPOINTS.name()
                    + " has an address of another machine over plain HTTP: whoever is between can switch. Give etcd"
                    + " certificates, and write https://.");
        }
    }
}
