package dev.turnout.config;

import io.smallrye.config.SmallRyeConfig;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The values of the configuration. Each accessor returns the value of the key of its name; the key's text is the
 * accessor's documentation.
 */
@Singleton
public final class TurnoutConfig {

    static final KeyTable KEYS = new KeyTable();

    static final Key<Mode> MODE = KEYS.add(Key.of("mode", ValueType.word(Mode.values()))
            .byDefault("proxy")
            .english("What carries the traffic: `proxy`, Turnout itself, or `nginx`, which Turnout then drives."));

    static final Key<List<Cidr>> TRUSTED_PROXIES = KEYS.add(Key.of("trusted-proxies", ValueType.networks())
            .ofConnections()
            .atReload()
            .english("Addresses or CIDR blocks, separated by commas, of proxies in front of Turnout. "
                    + "Their `X-Forwarded-*` and `Forwarded` are believed."));

    static final Key<ProxyProtocol> PROXY_PROTOCOL = KEYS.add(Key.of(
                    "proxy-protocol", ValueType.word(ProxyProtocol.values()))
            .byDefault("off")
            .ofConnections()
            .atReload()
            .english("Whether connections of `turnout.trusted-proxies` begin with a header of the PROXY protocol, "
                    + "version 1 or 2, which names the client: `off`, `accept` with or without a header, or "
                    + "`require`. The header comes before TLS, within 3 s, and holds for both ports. With "
                    + "`require` every connection without a header is closed, as is every connection of another "
                    + "peer. A header of another peer is never believed."));

    static final Key<List<String>> UNTRUSTED_HEADERS = KEYS.add(Key.of("untrusted-headers", ValueType.fieldNames())
            .byDefault(UntrustedHeaders.STANDARD)
            .ofConnections()
            .atReload()
            .english("Names of header fields, separated by commas, that applications believe. They are "
                    + "removed unless a trusted proxy sends them, as are `X-Forwarded-For`, `-Proto`, "
                    + "`-Host`, `-Port` and `Forwarded`."));

    static final Key<String> READY_PATH = KEYS.add(Key.of("ready.path", ValueType.pathPrefix())
            .ofConnections()
            .english("The path at which load balancers ask on the front port, with any `Host`, whether every"
                    + " service has a target that is up: 200, or 503. No service gets requests for this"
                    + " path. Not in nginx mode."));

    private final Values values;
    private final List<ServiceKeys> services;
    private final Map<String, ServiceKeys> byName;
    private final NamedKeys named;
    private final ConfigTexts texts;

    /**
     * Reads all values.
     *
     * @throws IllegalArgumentException if a value or a name is wrong; {@link StartCheck} explains each error
     */
    @Inject
    public TurnoutConfig(SmallRyeConfig config) {
        this(new GivenKeys(config).texts());
    }

    /** @throws IllegalArgumentException if a value or a name is wrong */
    TurnoutConfig(ConfigTexts texts) {
        this.texts = texts;
        List<String> errors = new ArrayList<>();
        this.named = NamedKeys.find(texts.names(), texts.variables(), errors);
        ParsedValues parsed = new ParsedValues(texts.values());
        this.services = parsed.readAll(named);
        this.byName = byName(services);
        this.values = parsed;
        errors.addAll(parsed.errors());
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(String.join(" ", errors));
        }
    }

    /** @param values the values of every key */
    TurnoutConfig(Values values, List<ServiceKeys> services) {
        this.values = values;
        this.services = services;
        this.byName = byName(services);
        this.named = new NamedKeys(services, List.of(), List.of(), List.of(), false);
        this.texts = ConfigTexts.none();
    }

    private static Map<String, ServiceKeys> byName(List<ServiceKeys> services) {
        return services.stream()
                .collect(Collectors.toMap(ServiceKeys::service, Function.identity(), (first, later) -> first));
    }

    /** Returns what the values were read from. */
    ConfigTexts texts() {
        return texts;
    }

    Values values() {
        return values;
    }

    /** Returns the keys of every service, {@code default} first. */
    List<ServiceKeys> services() {
        return services;
    }

    /** Returns the keys of one service, as fast with a thousand services as with one; empty if there is no such service. */
    Optional<ServiceKeys> service(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Returns the keys of all rules, at the top and of services. */
    List<RuleKeys> rules() {
        return named.rules();
    }

    /** Returns the keys of every name that belongs to no service. */
    Stream<Key<?>> besideServices() {
        return named.besideServices();
    }

    public ListenConfig listen() {
        return new ListenConfig(values);
    }

    public AcmeConfig acme() {
        return new AcmeConfig(values, ServiceSettings.hosts(values, services));
    }

    public TlsConfig tls() {
        return new TlsConfig(values, named.certificates());
    }

    public AdminConfig admin() {
        return new AdminConfig(values);
    }

    public Http2Config http2() {
        return new Http2Config(values);
    }

    public LimitsConfig limits() {
        return new LimitsConfig(values);
    }

    public UpstreamConfig upstream() {
        return new UpstreamConfig(values);
    }

    public ClientConfig client() {
        return new ClientConfig(values);
    }

    public StateConfig state() {
        return new StateConfig(values);
    }

    public LogConfig log() {
        return new LogConfig(values);
    }

    public NotifyConfig notifications() {
        return new NotifyConfig(values, named.receivers());
    }

    public TracingConfig tracing() {
        return new TracingConfig(values);
    }

    public DockerConfig docker() {
        return new DockerConfig(values);
    }

    public FleetConfig fleet() {
        return new FleetConfig(values);
    }

    public NginxConfig nginx() {
        return new NginxConfig(values);
    }

    public Mode mode() {
        return values.get(MODE);
    }

    public Optional<List<Cidr>> trustedProxies() {
        return values.find(TRUSTED_PROXIES);
    }

    public ProxyProtocol proxyProtocol() {
        return values.get(PROXY_PROTOCOL);
    }

    public List<String> untrustedHeaders() {
        return values.get(UNTRUSTED_HEADERS);
    }

    public Optional<String> readyPath() {
        return values.find(READY_PATH);
    }

    /** What carries the traffic. */
    public enum Mode {
        PROXY,
        NGINX
    }

    /** Whether connections begin with a header of the PROXY protocol. */
    public enum ProxyProtocol {
        OFF,
        ACCEPT,
        REQUIRE
    }
}
