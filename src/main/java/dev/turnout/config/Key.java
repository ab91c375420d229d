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
record Key<T>(String name, Optional<String> standard, Kind<T> kind) {

    static final Key<Mode> MODE = of("mode", "proxy", Kind.word(Mode.values()));
    static final Key<String> LISTEN_HOST = of("listen.host", "0.0.0.0", Kind.host());
    static final Key<Integer> LISTEN_PORT = of("listen.port", "80", Kind.whole(0, 65535));
    static final Key<String> ADMIN_HOST = of("admin.host", "127.0.0.1", Kind.host());
    static final Key<Integer> ADMIN_PORT = of("admin.port", "9000", Kind.whole(0, 65535));
    static final Key<String> ADMIN_TOKEN = of("admin.token", Kind.secret());
    static final Key<Boolean> PREVIEW = of("preview", "false", Kind.flag());
    static final Key<String> PREVIEW_SECRET = of("preview-secret", Kind.secret());
    static final Key<Boolean> ADMIN_ON_FRONT = of("admin.on-front", "false", Kind.flag());
    static final Key<Integer> ADMIN_CONNECTIONS = of("admin.connections", "256", Kind.whole(8, 10_000));
    static final Key<List<Target>> BLUE = of("blue", Kind.targets());
    static final Key<List<Target>> GREEN = of("green", Kind.targets());
    static final Key<Duration> HEALTH_INTERVAL = of("health.interval", "500ms", Kind.time());
    static final Key<Integer> HEALTH_RISE = of("health.rise", "2", Kind.whole(1, 1_000));
    static final Key<Duration> HEALTH_DEADLINE = of("health.deadline", "60s", Kind.time());
    static final Key<MemorySize> LIMITS_HEAD =
            of("limits.head", "16K", Kind.size(1 << 10, 1 << 20, "a size from 1K to 1M, such as 16K or 16384"));

    static final Key<Integer> LIMITS_CONNECTIONS = of("limits.connections", "20000", Kind.whole(1, 1_000_000));
    static final Key<Integer> LIMITS_REQUESTS = of("limits.requests", "10000", Kind.whole(1, 1_000_000));
    static final Key<MemorySize> PAUSE_BYTES =
            of("pause.bytes", "64M", Kind.size(1 << 10, Long.MAX_VALUE, "a size of 1K or more, such as 64M"));

    /** Every key but those of services, which are {@link ServiceKeys}. */
    static final List<Key<?>> ALL = List.of(
            MODE,
            LISTEN_HOST,
            LISTEN_PORT,
            of("listen.reuse-port", "false", Kind.flag()),
            ADMIN_HOST,
            ADMIN_PORT,
            ADMIN_TOKEN,
            of("admin.names", Kind.hosts()),
            ADMIN_ON_FRONT,
            ADMIN_CONNECTIONS,
            of("admin.arrival", "10s", Kind.time()),
            of("admin.idle", "30s", Kind.time()),
            BLUE,
            GREEN,
            of("balance", "round-robin", Kind.word(Balance.values())),
            of("health.path", "/", Kind.requestPath()),
            HEALTH_INTERVAL,
            of("health.timeout", "2s", Kind.time()),
            HEALTH_RISE,
            of("health.fall", "3", Kind.whole(1, 1_000)),
            of("health.status", "200-399", Kind.statuses()),
            HEALTH_DEADLINE,
            of("health.host", Kind.hostHeader()),
            of("health.port", Kind.whole(1, 65535)),
            of("warmup.paths", Kind.requestPaths()),
            of("warmup.count", "20", Kind.whole(1, 10_000)),
            of("warmup.settle", "false", Kind.flag()),
            of("warmup.deadline", "30s", Kind.time()),
            of("warmup.required", "false", Kind.flag()),
            of("drain.timeout", "30s", Kind.time()),
            of("drain.endless", Kind.pathPrefixes()),
            of("state.directory", "turnout-state", Kind.path()),
            LIMITS_HEAD,
            of("limits.heads", "0", Kind.size(0, Long.MAX_VALUE, "a size such as 32M, or 0")),
            of("limits.body", "0", Kind.size(0, Long.MAX_VALUE, "a size such as 10M, or 0")),
            LIMITS_CONNECTIONS,
            LIMITS_REQUESTS,
            of("upstream.connect", "2s", Kind.time()),
            of("upstream.head", "60s", Kind.time()),
            of("upstream.body", "60s", Kind.time()),
            of("upstream.idle", "4s", Kind.timeOrNone()),
            of("client.head", "10s", Kind.time()),
            of("client.body", "60s", Kind.time()),
            of("client.idle", "75s", Kind.time()),
            PREVIEW,
            PREVIEW_SECRET,
            of("show-slot", "false", Kind.flag()),
            of("slow-start", Kind.time()),
            of("pause.requests", "5000", Kind.whole(1, 1_000_000)),
            PAUSE_BYTES,
            of("pause.timeout", "30s", Kind.time()),
            of("pause.release", "2s", Kind.time()),
            of("trusted-proxies", Kind.networks()),
            of("untrusted-headers", UntrustedHeaders.STANDARD, Kind.fieldNames()),
            of("access-log", "off", Kind.word(AccessLog.values())),
            of("access-log-file", "turnout-access.log", Kind.path()),
            of("failover", "false", Kind.flag()),
            of("nginx.include", "/etc/nginx/conf.d/service-url.inc", Kind.path()),
            of("nginx.style", "variable", Kind.word(Style.values())),
            of("nginx.test", "nginx -t", Kind.command()),
            of("nginx.reload", "nginx -s reload", Kind.command()),
            of("nginx.command-timeout", "10s", Kind.time()),
            of("nginx.pid", "/run/nginx.pid", Kind.path()),
            of("nginx.probe", Kind.httpUrl()),
            of("nginx.confirm-timeout", "10s", Kind.time()));

    static <T> Key<T> of(String name, String standard, Kind<T> kind) {
        return new Key<>("turnout." + name, Optional.of(standard), kind);
    }

    static <T> Key<T> of(String name, Kind<T> kind) {
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
