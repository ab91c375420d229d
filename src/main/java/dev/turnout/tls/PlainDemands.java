package dev.turnout.tls;

import dev.turnout.config.HostPattern;
import dev.turnout.text.TlsFinding;
import dev.turnout.text.TlsText;
import dev.turnout.tls.CertificateSettings.ClientAuthFile;
import dev.turnout.tls.CertificateSettings.ServedHosts;
import dev.turnout.tls.ClientAuthPolicy.Demand;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Hosts that require a certificate of clients over TLS, and are served over plain HTTP too, where nobody can have one. A
 * pure function of the configuration and of the names in certificates.
 */
final class PlainDemands {

    private static final String EVERY_HOST = "every host";

    private final CertificateSettings settings;

    /** The strictest of what is asked for each name of a certificate and each configured host. */
    private final Map<String, ClientAuthFile> byName = new TreeMap<>();

    private PlainDemands(CertificateSettings settings, Collection<WatchedPair> pairs) {
        this.settings = settings;
        pairs.forEach(this::add);
        settings.ownClientAuth().forEach((host, asked) -> {
            if (pairs.stream().noneMatch(pair -> isNamed(pair, host))) {
                byName.put(host, asked);
            }
        });
    }

    /** Returns a warning for each service that is served so. */
    static List<CertificateProblem> of(CertificateSettings settings, Collection<WatchedPair> pairs) {
        PlainDemands demands = new PlainDemands(settings, pairs);
        return settings.services().stream()
                .filter(ServedHosts::isPlain)
                .flatMap(service -> demands.ofService(service).stream())
                .toList();
    }

    private static boolean isNamed(WatchedPair pair, String label) {
        return pair.files().source() == CertificateSource.FILE
                && pair.files().label().equals(label);
    }

    private void add(WatchedPair pair) {
        ClientAuthFile asked = pair.files().source() == CertificateSource.FILE
                ? settings.ownClientAuth().getOrDefault(pair.files().label(), settings.clientAuth())
                : settings.clientAuth();
        pair.pair().stream()
                .flatMap(served -> served.names().stream())
                .forEach(name -> byName.merge(name, asked, PlainDemands::stricter));
    }

    private static ClientAuthFile stricter(ClientAuthFile one, ClientAuthFile other) {
        return one.demand().compareTo(other.demand()) >= 0 ? one : other;
    }

    private Optional<CertificateProblem> ofService(ServedHosts service) {
        return hosts(service).stream()
                .filter(host -> asked(host).demand() == Demand.REQUIRE)
                .findFirst()
                .map(host -> new CertificateProblem(
                        asked(host).demandKey(),
                        TlsText.of(
                                host.equals(EVERY_HOST) ? TlsFinding.PLAIN_DEMAND_OF_ALL : TlsFinding.PLAIN_DEMAND,
                                "demand",
                                asked(host).demandKey(),
                                "service",
                                service.service(),
                                "host",
                                host,
                                "redirect",
                                service.redirectKey()),
                        true));
    }

    /** Returns the hosts of a service: the configured ones, and the known names that reach it. */
    private List<String> hosts(ServedHosts service) {
        List<String> hosts = new ArrayList<>(
                service.hosts().stream().map(HostPattern::toString).toList());
        byName.keySet().stream().filter(name -> reaches(name, service)).forEach(hosts::add);
        if (service.hosts().isEmpty()) {
            hosts.add(EVERY_HOST);
        }
        return hosts;
    }

    /** Returns true if a service gets requests for a host, and no service nearer to the host takes all of them. */
    private boolean reaches(String host, ServedHosts service) {
        int closeness = closeness(host, service);
        return closeness >= 0
                && settings.services().stream()
                        .noneMatch(other -> other.isWhole() && closeness(host, other) > closeness);
    }

    /** Returns how much of a host is in the pattern of a service; -1 if the service is for other hosts. */
    private static int closeness(String host, ServedHosts service) {
        return service.hosts().isEmpty()
                ? 0
                : service.hosts().stream()
                        .mapToInt(pattern -> closeness(host, pattern))
                        .max()
                        .orElse(-1);
    }

    private static int closeness(String host, HostPattern pattern) {
        if (!pattern.isWildcard()) {
            return host.equals(pattern.name()) ? Integer.MAX_VALUE : -1;
        }
        return host.endsWith(pattern.name()) ? pattern.name().length() : -1;
    }

    /** Returns what a handshake for a host asks; a host without a certificate gets the default certificate. */
    private ClientAuthFile asked(String host) {
        return Stream.of(host, TableBuilder.wildcard(host))
                .filter(byName::containsKey)
                .findFirst()
                .map(byName::get)
                .orElse(settings.clientAuth());
    }
}
