package dev.turnout.config;

import io.smallrye.config.SmallRyeConfig;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
            .atReload()
            .english("Addresses or CIDR blocks, separated by commas, of proxies in front of Turnout. "
                    + "Their `X-Forwarded-*` and `Forwarded` are believed."));

    static final Key<ProxyProtocol> PROXY_PROTOCOL = KEYS.add(Key.of(
                    "proxy-protocol", ValueType.word(ProxyProtocol.values()))
            .byDefault("off")
            .atReload()
            .english("Whether connections of `turnout.trusted-proxies` begin with a header of the PROXY protocol, "
                    + "version 1 or 2, which names the client: `off`, `accept` with or without a header, or "
                    + "`require`. The header comes before TLS, within 3 s, and holds for both ports. With "
                    + "`require` every connection without a header is closed, as is every connection of another "
                    + "peer. A header of another peer is never believed."));

    static final Key<List<String>> UNTRUSTED_HEADERS = KEYS.add(Key.of("untrusted-headers", ValueType.fieldNames())
            .byDefault(UntrustedHeaders.STANDARD)
            .atReload()
            .english("Names of header fields, separated by commas, that applications believe. They are "
                    + "removed unless a trusted proxy sends them, as are `X-Forwarded-For`, `-Proto`, "
                    + "`-Host`, `-Port` and `Forwarded`."));

    static final Key<Boolean> PREVIEW = KEYS.add(Key.of("preview", ValueType.flag())
            .byDefault("false")
            .atReload()
            .english("Whether a request with `X-Turnout-Slot: green` goes to that slot, active or not. So "
                    + "a new version can be seen before it gets traffic."));

    static final Key<String> PREVIEW_SECRET = KEYS.add(Key.of("preview-secret", ValueType.secret())
            .atReload()
            .english("The secret that a preview has to send: `X-Turnout-Slot: green:SECRET`. Without a "
                    + "value no secret is needed."));

    static final Key<Boolean> SHOW_SLOT = KEYS.add(Key.of("show-slot", ValueType.flag())
            .byDefault("false")
            .atReload()
            .english("Whether each response names the slot that it comes from in `X-Turnout-Slot`."));

    static final Key<Duration> SLOW_START = KEYS.add(Key.of("slow-start", ValueType.time())
            .atReload()
            .english("How long the share of a target that comes back grows to a full share. Without a "
                    + "value the target gets a full share at once."));

    static final Key<Boolean> FAILOVER = KEYS.add(Key.of("failover", ValueType.flag())
            .byDefault("false")
            .english("Whether Turnout starts with the other slot if the active slot is dead, without "
                    + "being asked."));

    static final Key<String> READY_PATH = KEYS.add(Key.of("ready.path", ValueType.pathPrefix())
            .english("The path at which load balancers ask on the front port, with any `Host`, whether every"
                    + " service has a target that is up: 200, or 503. No service gets requests for this"
                    + " path. Not in nginx mode."));

    static final Key<AccessLog> ACCESS_LOG = KEYS.add(Key.of("access-log", ValueType.word(AccessLog.values()))
            .byDefault("off")
            .atReload()
            .english("Whether each request is written to a file, and in which form: `off`, `combined`, `json`, "
                    + "`template`."));

    static final Key<AccessTemplate> ACCESS_LOG_TEMPLATE =
            KEYS.add(Key.of("access-log-template", ValueType.accessTemplate())
                    .byDefault("{time} {client} {method} {target} {status} {bytes} {millis} {slot} {requestId}")
                    .atReload()
                    .english("The form of a line with `turnout.access-log=template`. A field that is not known of a "
                            + "request is `-`."));

    static final Key<List<String>> ACCESS_LOG_REDACT = KEYS.add(Key.of("access-log-redact", ValueType.parameterNames())
            .atReload()
            .english("Query parameters whose values are written as `***`, in the URL and in the Referer, and in spans. "
                    + "Upper and lower case are the same."));

    static final Key<Path> ACCESS_LOG_FILE = KEYS.add(Key.of("access-log-file", ValueType.path())
            .byDefault("turnout-access.log")
            .atReload()
            .english("The file of the access log. The file is rotated by renaming it, or by copying and "
                    + "truncating it. `/dev/stdout` is the output of the program."));

    private final Values values;
    private final List<ServiceKeys> services;
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
        this.named = new NamedKeys(services, List.of(), List.of(), List.of());
        this.texts = ConfigTexts.none();
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

    /** Returns the values for services without their own. */
    public HealthConfig health() {
        return new HealthConfig(values);
    }

    public WarmUpConfig warmup() {
        return new WarmUpConfig(values);
    }

    public DrainConfig drain() {
        return new DrainConfig(values);
    }

    public PauseConfig pause() {
        return new PauseConfig(values);
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

    /** Returns the keys of rehearsal that no service has of its own. */
    public RehearsalConfig rehearsal() {
        return new RehearsalConfig(values);
    }

    public TracingConfig tracing() {
        return new TracingConfig(values);
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

    /** Returns the pages of requests that are for no service, and of services that have none of their own. */
    public ErrorPagesConfig errors() {
        return new ErrorPagesConfig(values);
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

    public boolean preview() {
        return values.get(PREVIEW);
    }

    public Optional<String> previewSecret() {
        return values.find(PREVIEW_SECRET);
    }

    public boolean showSlot() {
        return values.get(SHOW_SLOT);
    }

    public Optional<Duration> slowStart() {
        return values.find(SLOW_START);
    }

    public boolean failover() {
        return values.get(FAILOVER);
    }

    public Optional<String> readyPath() {
        return values.find(READY_PATH);
    }

    public AccessLog accessLog() {
        return values.get(ACCESS_LOG);
    }

    public AccessTemplate accessLogTemplate() {
        return values.get(ACCESS_LOG_TEMPLATE);
    }

    public List<String> accessLogRedact() {
        return values.find(ACCESS_LOG_REDACT).orElse(List.of());
    }

    public Path accessLogFile() {
        return values.get(ACCESS_LOG_FILE);
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

    /** How the access log is written. */
    public enum AccessLog {
        OFF,
        COMBINED,
        JSON,
        TEMPLATE
    }
}
