package dev.turnout.config;

import dev.turnout.config.TurnoutConfig.AccessLog;
import dev.turnout.config.TurnoutConfig.Mode;
import dev.turnout.config.TurnoutConfig.Nginx.Style;
import dev.turnout.routing.Target;
import io.quarkus.runtime.configuration.MemorySize;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One key under {@code turnout.} as the check at the start knows it.
 *
 * @param name with the prefix
 * @param standard the value if nobody gives one; empty if the key may be without a value
 * @param kind what is allowed
 */
record Key<T>(String name, Optional<String> standard, ValueType<T> kind) {

    static final Key<Mode> MODE = of("mode", "proxy", ValueType.word(Mode.values()));
    static final Key<String> LISTEN_HOST = of("listen.host", "0.0.0.0", ValueType.host());
    static final Key<Integer> LISTEN_PORT = of("listen.port", "80", ValueType.whole(0, 65535));
    static final Key<String> ADMIN_HOST = of("admin.host", "127.0.0.1", ValueType.host());
    static final Key<Integer> ADMIN_PORT = of("admin.port", "9000", ValueType.whole(0, 65535));
    static final Key<String> ADMIN_TOKEN = of("admin.token", ValueType.secret());
    static final Key<Boolean> PREVIEW = of("preview", "false", ValueType.flag());
    static final Key<String> PREVIEW_SECRET = of("preview-secret", ValueType.secret());
    static final Key<Boolean> ADMIN_ON_FRONT = of("admin.on-front", "false", ValueType.flag());
    static final Key<Integer> ADMIN_CONNECTIONS = of("admin.connections", "256", ValueType.whole(8, 10_000));
    static final Key<List<Target>> BLUE = of("blue", ValueType.targets());
    static final Key<List<Target>> GREEN = of("green", ValueType.targets());
    static final Key<Duration> HEALTH_INTERVAL = of("health.interval", "500ms", ValueType.time());
    static final Key<Integer> HEALTH_RISE = of("health.rise", "2", ValueType.whole(1, 1_000));
    static final Key<Duration> HEALTH_DEADLINE = of("health.deadline", "60s", ValueType.time());
    static final Key<MemorySize> LIMITS_HEAD =
            of("limits.head", "16K", ValueType.size(1 << 10, 1 << 20, "a size from 1K to 1M, such as 16K or 16384"));

    static final Key<Integer> LIMITS_CONNECTIONS = of("limits.connections", "20000", ValueType.whole(1, 1_000_000));
    static final Key<Integer> LIMITS_REQUESTS = of("limits.requests", "10000", ValueType.whole(1, 1_000_000));
    static final Key<MemorySize> PAUSE_BYTES =
            of("pause.bytes", "64M", ValueType.size(1 << 10, Long.MAX_VALUE, "a size of 1K or more, such as 64M"));

    /** Every key but those of services, which are {@link ServiceKeys}. */
    static final List<Key<?>> ALL = List.of(
            MODE,
            LISTEN_HOST,
            LISTEN_PORT,
            of("listen.reuse-port", "false", ValueType.flag()),
            ADMIN_HOST,
            ADMIN_PORT,
            ADMIN_TOKEN,
            of("admin.names", ValueType.hosts()),
            ADMIN_ON_FRONT,
            ADMIN_CONNECTIONS,
            of("admin.arrival", "10s", ValueType.time()),
            of("admin.idle", "30s", ValueType.time()),
            BLUE,
            GREEN,
            of("balance", "round-robin", ValueType.word(Balance.values())),
            of("health.path", "/", ValueType.requestPath()),
            HEALTH_INTERVAL,
            of("health.timeout", "2s", ValueType.time()),
            HEALTH_RISE,
            of("health.fall", "3", ValueType.whole(1, 1_000)),
            of("health.status", "200-399", ValueType.statuses()),
            HEALTH_DEADLINE,
            of("health.host", ValueType.hostHeader()),
            of("health.port", ValueType.whole(1, 65535)),
            of("warmup.paths", ValueType.requestPaths()),
            of("warmup.count", "20", ValueType.whole(1, 10_000)),
            of("warmup.settle", "false", ValueType.flag()),
            of("warmup.deadline", "30s", ValueType.time()),
            of("warmup.required", "false", ValueType.flag()),
            of("drain.timeout", "30s", ValueType.time()),
            of("drain.endless", ValueType.pathPrefixes()),
            of("state.directory", "turnout-state", ValueType.path()),
            LIMITS_HEAD,
            of("limits.heads", "0", ValueType.size(0, Long.MAX_VALUE, "a size such as 32M, or 0")),
            of("limits.body", "0", ValueType.size(0, Long.MAX_VALUE, "a size such as 10M, or 0")),
            LIMITS_CONNECTIONS,
            LIMITS_REQUESTS,
            of("upstream.connect", "2s", ValueType.time()),
            of("upstream.head", "60s", ValueType.time()),
            of("upstream.body", "60s", ValueType.time()),
            of("upstream.idle", "4s", ValueType.timeOrNone()),
            of("client.head", "10s", ValueType.time()),
            of("client.body", "60s", ValueType.time()),
            of("client.idle", "75s", ValueType.time()),
            PREVIEW,
            PREVIEW_SECRET,
            of("show-slot", "false", ValueType.flag()),
            of("slow-start", ValueType.time()),
            of("pause.requests", "5000", ValueType.whole(1, 1_000_000)),
            PAUSE_BYTES,
            of("pause.timeout", "30s", ValueType.time()),
            of("pause.release", "2s", ValueType.time()),
            of("trusted-proxies", ValueType.networks()),
            of("untrusted-headers", UntrustedHeaders.STANDARD, ValueType.fieldNames()),
            of("access-log", "off", ValueType.word(AccessLog.values())),
            of("access-log-file", "turnout-access.log", ValueType.path()),
            of("failover", "false", ValueType.flag()),
            of("nginx.include", "/etc/nginx/conf.d/service-url.inc", ValueType.path()),
            of("nginx.style", "variable", ValueType.word(Style.values())),
            of("nginx.test", "nginx -t", ValueType.command()),
            of("nginx.reload", "nginx -s reload", ValueType.command()),
            of("nginx.command-timeout", "10s", ValueType.time()),
            of("nginx.pid", "/run/nginx.pid", ValueType.path()),
            of("nginx.probe", ValueType.httpUrl()),
            of("nginx.confirm-timeout", "10s", ValueType.time()));

    static <T> Key<T> of(String name, String standard, ValueType<T> kind) {
        return new Key<>("turnout." + name, Optional.of(standard), kind);
    }

    static <T> Key<T> of(String name, ValueType<T> kind) {
        return new Key<>("turnout." + name, Optional.empty(), kind);
    }

    /** The environment variable that gives this key its value. */
    String variable() {
        return Spelling.variable(name);
    }

    boolean isSecret() {
        return this == ADMIN_TOKEN || this == PREVIEW_SECRET;
    }
}
