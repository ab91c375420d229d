package dev.turnout.tls;

import dev.turnout.config.AcmeConfig;
import dev.turnout.config.AdminConfig;
import dev.turnout.config.CertificateConfig;
import dev.turnout.config.HostPattern;
import dev.turnout.config.ListenConfig.Plain;
import dev.turnout.config.ServiceSettings;
import dev.turnout.config.StateConfig;
import dev.turnout.config.TlsConfig;
import dev.turnout.config.TlsConfig.ClientAuth;
import dev.turnout.config.TlsConfig.Engine;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.tls.ClientAuthPolicy.Demand;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is configured about certificates.
 *
 * @param files the certificates that the configuration names
 * @param directory the folder of certificates
 * @param acme the folders of certificates that ACME writes: {@code NAME/cert.pem} and {@code NAME/key.pem}
 * @param awaited the names that get certificates by ACME
 * @param clientAuth what holds for every certificate without its own
 * @param ownClientAuth what holds for a certificate or a host of this name
 * @param services all services
 * @param http2 whether clients may speak HTTP/2
 * @param tickets the folder of the keys of session tickets
 */
public record CertificateSettings(
        Engine engine,
        List<PairFiles> files,
        Optional<Path> directory,
        List<Path> acme,
        Set<String> awaited,
        boolean isStrict,
        ClientAuthFile clientAuth,
        Map<String, ClientAuthFile> ownClientAuth,
        List<ServedHosts> services,
        boolean http2,
        Path tickets) {

    private static final String CLIENT_AUTH = "turnout.tls.client-auth";
    private static final String EVERY_PATH = "/";
    private static final String ADMIN_KEYS = "turnout.admin.tls.";

    /**
     * What is asked of clients, with the file of the authorities.
     *
     * @param demandKey the key of the configuration that asks
     * @param authorities empty if no certificate is asked for
     * @param configKey the key of the configuration that names the file
     */
    record ClientAuthFile(Demand demand, String demandKey, Optional<Path> authorities, String configKey) {}

    /**
     * What a service answers for, and how.
     *
     * @param hosts none for every host
     * @param isWhole true if the service has every path of its hosts
     * @param isPlain true if requests over plain HTTP are served
     * @param redirectKey the key of the configuration that would redirect them
     */
    record ServedHosts(String service, List<HostPattern> hosts, boolean isWhole, boolean isPlain, String redirectKey) {}

    public CertificateSettings {
        files = List.copyOf(files);
        acme = List.copyOf(acme);
        awaited = Set.copyOf(awaited);
        ownClientAuth = Map.copyOf(ownClientAuth);
        services = List.copyOf(services);
    }

    /** Returns the files of authorities of clients. */
    Set<Path> clientAuthFiles() {
        return Stream.concat(Stream.of(clientAuth), ownClientAuth.values().stream())
                .flatMap(file -> file.authorities().stream())
                .collect(Collectors.toSet());
    }

    /** Returns what a configuration says. */
    public static CertificateSettings of(TurnoutConfig config) {
        TlsConfig tls = config.tls();
        Map<String, ClientAuthFile> own = new TreeMap<>();
        for (CertificateConfig certificate : tls.certificates()) {
            if (certificate.clientAuth().isPresent() || certificate.clientCa().isPresent()) {
                own.put(certificate.name(), own(tls, certificate));
            }
        }
        return new CertificateSettings(
                tls.engine(),
                tls.certificates().stream()
                        .flatMap(certificate -> files(certificate).stream())
                        .toList(),
                tls.directory(),
                config.acme().folders(config.state().directory()),
                awaited(config.acme()),
                tls.strictSni(),
                new ClientAuthFile(
                        demand(tls.clientAuth()),
                        CLIENT_AUTH,
                        tls.clientCa().filter(file -> tls.clientAuth() != ClientAuth.NONE),
                        "turnout.tls.client-ca"),
                own,
                services(config),
                config.http2().enabled(),
                tls.ticketsDirectory()
                        .orElse(config.acme()
                                .shared()
                                .orElse(config.state().directory())
                                .resolve(StateConfig.TLS_FOLDER)));
    }

    private static List<ServedHosts> services(TurnoutConfig config) {
        boolean hasPlainPort = config.listen().plain() == Plain.ON;
        return ServiceSettings.of(config).stream()
                .map(service -> new ServedHosts(
                        service.name(),
                        service.hosts(),
                        service.path().equals(EVERY_PATH),
                        hasPlainPort && !service.tlsRedirect(),
                        service.prefix() + "tls.redirect"))
                .toList();
    }

    /** Returns what a configuration says of the admin port; empty if the port speaks plain HTTP. */
    public static Optional<CertificateSettings> ofAdmin(TurnoutConfig config) {
        AdminConfig admin = config.admin();
        return admin.tlsCert()
                .map(cert -> new CertificateSettings(
                        config.tls().engine(),
                        List.of(new PairFiles(
                                CertificateSource.FILE,
                                "admin",
                                cert,
                                admin.tlsKey(),
                                admin.tlsPasswordFile(),
                                ADMIN_KEYS)),
                        Optional.empty(),
                        List.of(),
                        Set.of(),
                        false,
                        new ClientAuthFile(
                                admin.tlsClientCa().isPresent() ? Demand.REQUIRE : Demand.NONE,
                                ADMIN_KEYS + "client-ca",
                                admin.tlsClientCa(),
                                ADMIN_KEYS + "client-ca"),
                        Map.of(),
                        List.of(),
                        false,
                        config.state()
                                .directory()
                                .resolve(StateConfig.TLS_FOLDER)
                                .resolve("admin")));
    }

    private static Set<String> awaited(AcmeConfig acme) {
        return acme.directory().isPresent() ? Set.copyOf(acme.names()) : Set.of();
    }

    private static ClientAuthFile own(TlsConfig tls, CertificateConfig certificate) {
        ClientAuth demand = certificate.clientAuth().orElse(tls.clientAuth());
        Optional<Path> own = certificate.clientCa();
        return new ClientAuthFile(
                demand(demand),
                certificate.clientAuth().isPresent() ? certificate.prefix() + "client-auth" : CLIENT_AUTH,
                own.or(tls::clientCa).filter(file -> demand != ClientAuth.NONE),
                own.isPresent() ? certificate.prefix() + "client-ca" : "turnout.tls.client-ca");
    }

    private static Optional<PairFiles> files(CertificateConfig certificate) {
        return certificate
                .cert()
                .map(cert -> new PairFiles(
                        CertificateSource.FILE,
                        certificate.name(),
                        cert,
                        certificate.key(),
                        certificate.passwordFile(),
                        certificate.prefix()));
    }

    private static Demand demand(ClientAuth configured) {
        return switch (configured) {
            case NONE -> Demand.NONE;
            case REQUEST -> Demand.REQUEST;
            case REQUIRE -> Demand.REQUIRE;
        };
    }
}
