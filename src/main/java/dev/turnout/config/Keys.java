package dev.turnout.config;

import dev.turnout.config.Key.HoldsAt;
import dev.turnout.config.Key.Scope;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The table of all keys, in the order of the reference. Each part of the table stands in the class that reads its
 * values: a new key is one entry and one accessor there.
 */
final class Keys {

    static final List<Key<?>> ALL = Stream.of(
                    TurnoutConfig.KEYS,
                    ListenConfig.KEYS,
                    TlsConfig.KEYS,
                    Http2Config.KEYS,
                    AcmeConfig.KEYS,
                    CertificateConfig.KEYS,
                    AdminConfig.KEYS,
                    ServiceSettings.KEYS,
                    SlotConfig.KEYS,
                    AccessLogConfig.KEYS,
                    RuleConfig.KEYS,
                    HealthConfig.KEYS,
                    WarmUpConfig.KEYS,
                    DrainConfig.KEYS,
                    PauseConfig.KEYS,
                    RehearsalConfig.KEYS,
                    ErrorPagesConfig.KEYS,
                    LimitsConfig.KEYS,
                    UpstreamConfig.KEYS,
                    TargetTlsConfig.KEYS,
                    DockerConfig.KEYS,
                    ClientConfig.KEYS,
                    StateConfig.KEYS,
                    LogConfig.KEYS,
                    NotifyConfig.KEYS,
                    TracingConfig.KEYS,
                    FleetConfig.KEYS,
                    NginxConfig.KEYS)
            .<Key<?>>flatMap(KeyTable::stream)
            .toList();

    private static final Set<Scope> BELOW_NAMES = Set.of(Scope.NAMED_SERVICE, Scope.CERTIFICATE, Scope.RULE);

    /** The keys that stand at the top. */
    static final List<Key<?>> AT_TOP =
            ALL.stream().filter(key -> !BELOW_NAMES.contains(key.scope())).toList();

    private static final Set<String> NEED_RESTART = ALL.stream()
            .filter(key -> key.holdsAt() == HoldsAt.START)
            .map(Key::name)
            .collect(Collectors.toUnmodifiableSet());

    private Keys() {}

    /** Returns the keys that stand at the top and belong to no service. */
    static Stream<Key<?>> ofProgram() {
        return ALL.stream().filter(key -> key.isAtTopOnly() || key.scope() == Scope.SHARED);
    }

    /** Returns the names of the keys that need a restart. Keys of services need none. */
    static Set<String> needingRestart() {
        return NEED_RESTART;
    }
}
