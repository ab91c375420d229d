package dev.turnout.config;

import dev.turnout.routing.Target;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The configuration of one service: its own keys, and the keys at the top where it has none. */
public final class ServiceSettings {

    static final KeyTable KEYS = new KeyTable();

    static final Key<List<HostPattern>> HOSTS = KEYS.add(Key.of("hosts", ValueType.hostPatterns())
            .ofNamedServices()
            .atReload()
            .english("The hosts of the service, separated by commas: a name, or `*.` and a domain for "
                    + "every name below it. Without a value the service has every host. An exact name goes "
                    + "before `*.`, a longer domain before a shorter domain, and both before services of "
                    + "every host."));

    static final Key<String> PATH = KEYS.add(Key.of("path", ValueType.pathPrefix())
            .byDefault("/")
            .ofNamedServices()
            .atReload()
            .english("The beginning of the service's paths, in whole segments: `/api` stands for `/api` "
                    + "and `/api/x`, not for `/apis`. If several services match, the longest path wins. "
                    + "Paths are compared byte for byte, as the client sent them."));

    static final Key<Boolean> STRIP_PATH = KEYS.add(Key.of("strip-path", ValueType.flag())
            .byDefault("false")
            .ofNamedServices()
            .atReload()
            .english("Whether targets get the path without that beginning: `/api/x` becomes `/x`."));

    static final Key<List<Target>> BLUE = KEYS.add(Key.of("blue", ValueType.targets())
            .byDefault("127.0.0.1:8080")
            .ofEachService()
            .atReload()
            .english(
                    "The targets of slot blue, separated by commas: `host:port`, the same behind `https://` or `http://`, or "
                            + "`unix:/path`, a Unix socket that is spoken to in clear. With `dns:name:port` or `srv:name` each address of "
                            + "the name is a target, and is looked up again. Service `default` alone "
                            + "has a default."));

    static final Key<List<Target>> GREEN = KEYS.add(Key.of("green", ValueType.targets())
            .byDefault("127.0.0.1:8082")
            .ofEachService()
            .atReload()
            .english("The targets of slot green, in the same forms, separated by commas. Service `default` "
                    + "alone has a default."));

    static final Key<Balance> BALANCE = KEYS.add(Key.of("balance", ValueType.word(Balance.values()))
            .byDefault("round-robin")
            .shared()
            .atReload()
            .english("Which target of the slot gets a request: the next in turn, or the target with the "
                    + "fewest requests in flight."));

    static final Key<TargetProtocol> PROTOCOL = KEYS.add(Key.of("protocol", ValueType.word(TargetProtocol.values()))
            .byDefault("http1")
            .shared()
            .atReload()
            .english("What the targets of the service speak: HTTP/1.1, HTTP/2 over plain connections without an "
                    + "upgrade (`h2c`), or HTTP/2 over TLS (`h2`). Probes, the gate and the warm-up speak it too. "
                    + "Clients may speak either, whatever the targets speak."));

    static final Key<SendProxy> SEND_PROXY = KEYS.add(Key.of("send-proxy", ValueType.word(SendProxy.values()))
            .byDefault("off")
            .below("upstream.")
            .shared()
            .atReload()
            .english("Whether each connection to a target begins with a header of the PROXY protocol that names the "
                    + "client: `off`, `v1` or `v2`. The header comes before TLS. A connection with it serves one "
                    + "connection of a client only, and none is opened ahead. Probes and the warm-up send a header "
                    + "that names nobody."));

    static final Key<Integer> CONNECTIONS = KEYS.add(Key.of("connections", ValueType.whole(0, 1_000_000))
            .byDefault("0")
            .below("upstream.")
            .shared()
            .atReload()
            .english("The most connections to one target, those of all clients together. Another target with room is"
                    + " preferred; if none has room, requests wait in turn, as `turnout.upstream.queue` says. 0 means no"
                    + " limit. A WebSocket holds a connection. Over HTTP/2 a connection takes as many requests at a time"
                    + " as the target allows, and each event loop may have one connection whatever the limit is. Probes"
                    + " and the warm-up are not counted. Not in nginx mode."));

    static final Key<StickyMode> STICKY = KEYS.add(Key.of("sticky", ValueType.sticky())
            .byDefault("off")
            .shared()
            .atReload()
            .english("Whether a client stays at its target: `off`; `cookie`, by a cookie of Turnout's; or the name of "
                    + "the application's session cookie, such as `JSESSIONID`: from the response that sets that "
                    + "cookie, a cookie of Turnout's beside it keeps the client. A client gets one new target when "
                    + "its own drains, fails or leaves. Use `off` if the targets share their sessions, as with Spring "
                    + "Session. Not in nginx mode."));

    static final Key<Duration> STICKY_DRAIN = KEYS.add(Key.of("sticky.drain", ValueType.timeOrNone())
            .byDefault("0")
            .shared()
            .atReload()
            .english("How long clients may stay at their target after it was taken out of rotation. The drain waits as "
                    + "long as clients come there, then lets the requests in flight end. A switch to the other slot "
                    + "does not wait."));

    static final Key<Boolean> TLS_REDIRECT = KEYS.add(Key.of("tls.redirect", ValueType.flag())
            .byDefault("false")
            .shared()
            .atReload()
            .english("Whether a request over plain HTTP is answered with a redirect to `https`: 301 for GET and HEAD, "
                    + "308 for all others. A client that a trusted proxy has over TLS is not redirected, nor are "
                    + "challenges of the certificates that Turnout orders, `turnout.ready.path` and the admin API."));

    static final Key<Duration> TLS_HSTS = KEYS.add(Key.of("tls.hsts", ValueType.maxAge())
            .shared()
            .atReload()
            .english("For how long browsers are told to come back by HTTPS only (`Strict-Transport-Security: "
                    + "max-age=...`). The line goes with answers over HTTPS only, and an application's own line "
                    + "is passed on instead. Without a value no line is sent. With `0` browsers forget it. A browser "
                    + "keeps what it has been told: begin with `5m`, and raise it when HTTPS works everywhere."));

    static final Key<List<String>> ASSET_PATHS = KEYS.add(Key.of("assets.paths", ValueType.pathBeginnings())
            .shared()
            .atReload()
            .english("The beginnings of the paths of assets that belong to one version, such as `/assets,/static`, in"
                    + " whole segments and as the targets get them. A GET or HEAD there that is answered 404 is asked"
                    + " of the other slot: during a canary, and for `turnout.assets.bridge` after a flip. The bridge"
                    + " ends when the other slot is drained: `switch?watch=10m` keeps it that long, and"
                    + " `turnout.assets.after-drain` goes on asking."));

    static final Key<Duration> ASSET_BRIDGE = KEYS.add(Key.of("assets.bridge", ValueType.time())
            .byDefault("10m")
            .shared()
            .atReload()
            .english("How long after a flip assets are asked of the other slot. Without `turnout.assets.paths` nothing"
                    + " is asked."));

    static final Key<Duration> ASSETS_AFTER_DRAIN = KEYS.add(
            Key.of("assets.after-drain", ValueType.timeOrNone())
                    .byDefault("0")
                    .shared()
                    .atReload()
                    .english(
                            "How long after a flip assets are asked of the other slot although it is drained, if it still answers."
                                    + " With a time here keep the old process that much longer: a switch says `drained` without"
                                    + " waiting for such requests, and a process that stops in the middle of one cuts it off."));

    private final ServiceKeys keys;
    private final Values values;
    private final List<RuleConfig> rules;

    private ServiceSettings(ServiceKeys keys, Values values, List<RuleConfig> rules) {
        this.keys = keys;
        this.values = values;
        this.rules = rules;
    }

    private ServiceSettings(TurnoutConfig config, ServiceKeys service) {
        this(service, new ServiceValues(config.values(), service), rules(config, service));
    }

    /** Returns all services, {@code default} first if there is one. */
    public static List<ServiceSettings> of(TurnoutConfig config) {
        return config.services().stream()
                .map(service -> new ServiceSettings(config, service))
                .toList();
    }

    /** Returns the rules at the top and the service's own, which stand for those at the top of the same name. */
    private static List<RuleConfig> rules(TurnoutConfig config, ServiceKeys service) {
        SortedMap<String, RuleConfig> rules = new TreeMap<>(RuleKeys.ORDER);
        for (String owner : List.of(Key.TOP, service.prefix())) {
            config.rules().stream()
                    .filter(rule -> rule.owner().equals(owner))
                    .forEach(rule -> rules.put(rule.rule(), new RuleConfig(config.values(), rule)));
        }
        return List.copyOf(rules.values());
    }

    /** Returns the hosts of all services. */
    static List<HostPattern> hosts(Values values, List<ServiceKeys> services) {
        return services.stream()
                .flatMap(service -> values.find(service.own(HOSTS)).stream())
                .flatMap(List::stream)
                .toList();
    }

    /** Returns what holds for a service, or what the top says if there is no such service any more. */
    public static ServiceSettings of(TurnoutConfig config, String service) {
        return find(config, service).orElseGet(() -> atTop(config));
    }

    /** Returns what holds for a service; empty if there is no such service. */
    public static Optional<ServiceSettings> find(TurnoutConfig config, String service) {
        return config.service(service).map(keys -> new ServiceSettings(config, keys));
    }

    /** Returns what the keys at the top say: it holds for all services without their own keys, and for requests of none. */
    public static ServiceSettings atTop(TurnoutConfig config) {
        return new ServiceSettings(ServiceKeys.ofDefault(), config.values(), List.of());
    }

    /** Returns the longest time that a drain of any service may take. */
    public static Duration longestDrain(TurnoutConfig config) {
        return of(config).stream()
                .map(service -> service.drain().timeout())
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    public String name() {
        return keys.service();
    }

    /** Returns what all keys of this service begin with. */
    public String prefix() {
        return keys.prefix();
    }

    public HealthConfig health() {
        return new HealthConfig(values);
    }

    public SlotConfig slots() {
        return new SlotConfig(values);
    }

    public AccessLogConfig accessLog() {
        return new AccessLogConfig(values);
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

    public LimitsConfig limits() {
        return new LimitsConfig(values);
    }

    public UpstreamConfig upstream() {
        return new UpstreamConfig(values);
    }

    public ClientConfig client() {
        return new ClientConfig(values);
    }

    public SendProxy sendProxy() {
        return values.get(SEND_PROXY);
    }

    public TargetTlsConfig targetTls() {
        return new TargetTlsConfig(values);
    }

    /** Returns the hosts of the service; none for every host. */
    public List<HostPattern> hosts() {
        return values.find(HOSTS).orElse(List.of());
    }

    /** Returns the rules for the service's requests, in their order. */
    public List<RuleConfig> rules() {
        return rules;
    }

    public String path() {
        return values.get(PATH);
    }

    public boolean stripPath() {
        return values.get(STRIP_PATH);
    }

    public List<Target> blue() {
        return values.get(BLUE);
    }

    public List<Target> green() {
        return values.get(GREEN);
    }

    /** Returns the most connections to one target; 0 for no limit. */
    public int connections() {
        return values.get(CONNECTIONS);
    }

    public StickyMode sticky() {
        return values.get(STICKY);
    }

    /** Returns how long clients may stay at a target that was taken out of rotation. */
    public Duration stickyDrain() {
        return values.get(STICKY_DRAIN);
    }

    public TargetProtocol protocol() {
        return health().protocol();
    }

    /** Returns how requests are copied to the idle slot. */
    public RehearsalConfig rehearsal() {
        return new RehearsalConfig(values);
    }

    /** Returns the pages of the service. */
    public ErrorPagesConfig errors() {
        return new ErrorPagesConfig(values);
    }

    /** Returns what the paths of assets begin with; none if no asset is asked of the other slot. */
    public List<String> assetPaths() {
        return values.find(ASSET_PATHS).orElse(List.of());
    }

    /** Returns how long after a flip assets are asked of the other slot. */
    public Duration assetBridge() {
        return values.get(ASSET_BRIDGE);
    }

    /** Returns how long after a flip assets are asked of the other slot although it is drained. */
    public Duration assetsAfterDrain() {
        return values.get(ASSETS_AFTER_DRAIN);
    }

    public boolean tlsRedirect() {
        return values.get(TLS_REDIRECT);
    }

    /** Returns for how long browsers come by HTTPS only; empty if they are told nothing, 0 if they are to forget it. */
    public Optional<Duration> tlsHsts() {
        return values.find(TLS_HSTS);
    }

    public Balance balance() {
        return values.get(BALANCE);
    }
}
