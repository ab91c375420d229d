package dev.turnout.config;

import dev.turnout.routing.HostPort;
import io.netty.util.NetUtil;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keys under {@code turnout.acme}: certificates that Turnout orders itself from a certificate authority. */
public final class AcmeConfig {

    /** The name of the folder in the state folder. */
    public static final String FOLDER = "acme";

    static final KeyTable KEYS = new KeyTable();

    static final Key<AcmeDirectory> DIRECTORY = KEYS.add(Key.of("acme.directory", ValueType.acmeDirectory())
            .atReload()
            .english("The certificate authority that certificates are ordered from: `letsencrypt`, "
                    + "`letsencrypt-staging` for tries, or the URL of an ACME directory. Without a value it is "
                    + "`letsencrypt` if an e-mail address is given and the terms are agreed to, and no certificate "
                    + "is ordered otherwise."));

    static final Key<String> EMAIL = KEYS.add(Key.of("acme.email", ValueType.email())
            .atReload()
            .english("The address that the certificate authority writes to if something is wrong with the account."));

    static final Key<Boolean> TERMS_AGREED = KEYS.add(Key.of("acme.terms-agreed", ValueType.flag())
            .atReload()
            .byDefault("false")
            .english("Whether you agree to the terms of service of the certificate authority. Nothing is ordered "
                    + "without."));

    static final Key<AcmeChallenge> CHALLENGE =
            KEYS.add(Key.of("acme.challenge", ValueType.word(AcmeChallenge.values()))
                    .atReload()
                    .byDefault("http-01")
                    .english("How the certificate authority sees that a name is yours: `http-01` asks port 80, "
                            + "`tls-alpn-01` asks port 443, `dns-01` asks the name servers and proves wildcards too."));

    static final Key<List<HostPattern>> NAMES = KEYS.add(Key.of("acme.names", ValueType.hostPatterns())
            .atReload()
            .english("The names that get certificates, separated by commas. Without a value it is every host of "
                    + "`turnout.services.\"NAME\".hosts` but wildcards. `*.example.com` needs `dns-01`."));

    static final Key<Boolean> BUNDLE = KEYS.add(Key.of("acme.bundle", ValueType.flag())
            .atReload()
            .byDefault("false")
            .english("Whether up to 100 names share one certificate. Otherwise each name has its own."));

    static final Key<AcmeDirectory> FALLBACK = KEYS.add(Key.of("acme.fallback", ValueType.acmeDirectory())
            .atReload()
            .english("The certificate authority that is asked after the first one has failed for 24 hours, "
                    + "written as `turnout.acme.directory`."));

    static final Key<String> PROFILE = KEYS.add(Key.of("acme.profile", ValueType.visible())
            .atReload()
            .english("The profile that certificates are ordered with, such as `shortlived`. Without a value it is "
                    + "the authority's default."));

    static final Key<String> EAB_KID = KEYS.add(Key.of("acme.eab.kid", ValueType.visible())
            .atReload()
            .english("The key identifier of the external account, for an authority that gives accounts to its "
                    + "customers only."));

    static final Key<Path> EAB_KEY_FILE = KEYS.add(Key.of("acme.eab.key-file", ValueType.path())
            .atReload()
            .english("The file with the MAC key of the external account, in base64url."));

    static final Key<CommandWords> DNS_HOOK = KEYS.add(Key.of("acme.dns-hook", ValueType.command())
            .atReload()
            .english("The program that changes TXT records for `dns-01`. It is run with `set NAME VALUE` before "
                    + "the authority looks, and with `clear NAME VALUE` afterwards. Exit code 0 is success. It has "
                    + "2 minutes."));

    static final Key<Duration> DNS_WAIT = KEYS.add(Key.of("acme.dns-wait", ValueType.timeOrNone())
            .atReload()
            .byDefault("60s")
            .english("How long Turnout waits at most until a TXT record can be seen. With 0 it does not look."));

    static final Key<HostPort> DNS_SERVER = KEYS.add(Key.of("acme.dns-server", ValueType.hostPort())
            .atReload()
            .english("The name server that is asked for TXT records, `host:port`. Without a value it is the "
                    + "system's."));

    static final Key<Boolean> SELF_CHECK = KEYS.add(Key.of("acme.self-check", ValueType.flag())
            .atReload()
            .byDefault("true")
            .english("Whether Turnout answers a challenge to itself over the public name before the authority is "
                    + "asked, so that a mistake costs no failure there. Switch it off where this machine cannot "
                    + "reach its own public address, as behind a router without hairpin NAT."));

    static final Key<Path> CA_FILE = KEYS.add(Key.of("acme.ca-file", ValueType.path())
            .atReload()
            .english("The PEM file of the certificates that the ACME directory of a private authority is "
                    + "trusted by. Without a value it is what Java trusts."));

    static final Key<Path> SHARED = KEYS.add(Key.of("acme.shared", ValueType.path())
            .atReload()
            .english("A folder that several Turnouts share for certificates, account and pending challenges. One of "
                    + "them orders, all use what it gets. Without a value it is `acme` in the state folder."));

    private final Values values;
    private final List<HostPattern> hosts;

    /** @param hosts of all services */
    AcmeConfig(Values values, List<HostPattern> hosts) {
        this.values = values;
        this.hosts = List.copyOf(hosts);
    }

    /** Returns true if certificates are ordered. */
    static boolean isOn(Values values) {
        return directory(values).isPresent();
    }

    private static Optional<AcmeDirectory> directory(Values values) {
        boolean isImplied =
                values.find(EMAIL).isPresent() && values.find(TERMS_AGREED).orElse(false);
        return values.find(DIRECTORY).or(() -> isImplied ? Optional.of(AcmeDirectory.LETS_ENCRYPT) : Optional.empty());
    }

    /** Returns the authority that certificates are ordered from; empty if none are ordered. */
    public Optional<AcmeDirectory> directory() {
        return directory(values);
    }

    public Optional<String> email() {
        return values.find(EMAIL);
    }

    public boolean termsAgreed() {
        return values.get(TERMS_AGREED);
    }

    public AcmeChallenge challenge() {
        return values.get(CHALLENGE);
    }

    /** Returns the names that get certificates, without those that no authority can certify. */
    public List<String> names() {
        return values
                .find(NAMES)
                .orElseGet(
                        () -> hosts.stream().filter(host -> !host.isWildcard()).toList())
                .stream()
                .filter(AcmeConfig::isPublic)
                .map(HostPattern::toString)
                .distinct()
                .toList();
    }

    /** Returns true if a name has a dot and is no address. An authority certifies nothing else. */
    static boolean isPublic(HostPattern host) {
        String name = host.isWildcard() ? host.name().substring(1) : host.name();
        return name.indexOf('.') > 0 && name.indexOf(':') < 0 && !NetUtil.isValidIpV4Address(name);
    }

    public boolean bundle() {
        return values.get(BUNDLE);
    }

    public Optional<AcmeDirectory> fallback() {
        return values.find(FALLBACK);
    }

    public Optional<String> profile() {
        return values.find(PROFILE);
    }

    public Optional<String> eabKid() {
        return values.find(EAB_KID);
    }

    public Optional<Path> eabKeyFile() {
        return values.find(EAB_KEY_FILE);
    }

    public Optional<CommandWords> dnsHook() {
        return values.find(DNS_HOOK);
    }

    public Duration dnsWait() {
        return values.get(DNS_WAIT);
    }

    public Optional<HostPort> dnsServer() {
        return values.find(DNS_SERVER);
    }

    public boolean selfCheck() {
        return values.get(SELF_CHECK);
    }

    public Optional<Path> caFile() {
        return values.find(CA_FILE);
    }

    public Optional<Path> shared() {
        return values.find(SHARED);
    }

    /**
     * Returns the folders of certificates that are in use, the preferred first. Each has a folder for each certificate, with
     * {@code cert.pem} and {@code key.pem}.
     *
     * @param state the state folder
     */
    public List<Path> folders(Path state) {
        List<Path> folders = new ArrayList<>();
        directory().ifPresent(first -> folders.add(root(state).resolve(first.name())));
        directory()
                .flatMap(first -> fallback())
                .ifPresent(other -> folders.add(root(state).resolve(other.name())));
        return folders;
    }

    /** Returns the folder of everything that ACME keeps. */
    public Path root(Path state) {
        return shared().orElse(state.resolve(FOLDER));
    }
}
