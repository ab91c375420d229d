package dev.turnout.config;

import java.time.Duration;
import java.util.Optional;

/** Keys under {@code turnout.health}: probes, and the gate of a switch. */
public final class HealthConfig {

    static final KeyTable KEYS = new KeyTable();

    static final Key<String> PATH = KEYS.add(Key.of("health.path", ValueType.requestPath())
            .byDefault("/")
            .shared()
            .atReload()
            .english("The path that a probe requests with GET."));

    static final Key<Duration> INTERVAL = KEYS.add(Key.of("health.interval", ValueType.time())
            .byDefault("500ms")
            .shared()
            .atReload()
            .english("The time from one probe of a target to the next."));

    static final Key<Duration> TIMEOUT = KEYS.add(Key.of("health.timeout", ValueType.time())
            .byDefault("2s")
            .shared()
            .atReload()
            .english("How long a probe may take."));

    static final Key<Integer> RISE = KEYS.add(Key.of("health.rise", ValueType.whole(1, 1_000))
            .byDefault("2")
            .shared()
            .atReload()
            .english("How many good probes in a row make a target healthy."));

    static final Key<Integer> FALL = KEYS.add(Key.of("health.fall", ValueType.whole(1, 1_000))
            .byDefault("3")
            .shared()
            .atReload()
            .english("How many bad probes in a row make a healthy target unhealthy."));

    static final Key<StatusRanges> STATUS = KEYS.add(Key.of("health.status", ValueType.statuses())
            .byDefault("200-399")
            .shared()
            .atReload()
            .english("The status codes of a good probe: codes and ranges, separated by commas."));

    static final Key<Duration> DEADLINE = KEYS.add(Key.of("health.deadline", ValueType.time())
            .byDefault("60s")
            .shared()
            .atReload()
            .english("How long a switch waits until the new slot is healthy."));

    static final Key<String> HOST = KEYS.add(Key.of("health.host", ValueType.hostHeader())
            .shared()
            .atReload()
            .english("The `Host` that a probe sends. Without a value a probe sends the target's host and port, and "
                    + "`localhost` to a Unix socket."));

    static final Key<Integer> PORT = KEYS.add(Key.of("health.port", ValueType.whole(1, 65535))
            .shared()
            .atReload()
            .english("The port that a probe connects to. Without a value this is the target's port. A Unix socket is "
                    + "probed at its path in any case."));

    static final Key<ProbeType> TYPE = KEYS.add(Key.of("health.type", ValueType.word(ProbeType.values()))
            .byDefault("http")
            .shared()
            .atReload()
            .english("What a probe asks: `http` requests `health.path` with GET, `grpc` asks the health service "
                    + "of gRPC, `grpc.health.v1.Health/Check`, over HTTP/2, and only `SERVING` is good. With `grpc` "
                    + "`health.path` and `health.status` do not count."));

    static final Key<String> GRPC_SERVICE = KEYS.add(Key.of("health.grpc-service", ValueType.visible())
            .shared()
            .atReload()
            .english("The service that a probe of the type `grpc` asks for. Without a value a probe asks for the "
                    + "server as a whole."));

    private final Values values;

    HealthConfig(Values values) {
        this.values = values;
    }

    public String path() {
        return values.get(PATH);
    }

    public ProbeType type() {
        return values.get(TYPE);
    }

    /** Returns the service that a probe of gRPC asks for; empty for the server as a whole. */
    public Optional<String> grpcService() {
        return values.find(GRPC_SERVICE);
    }

    /** Returns what the targets speak. */
    public TargetProtocol protocol() {
        return values.get(ServiceSettings.PROTOCOL);
    }

    public Duration interval() {
        return values.get(INTERVAL);
    }

    public Duration timeout() {
        return values.get(TIMEOUT);
    }

    public int rise() {
        return values.get(RISE);
    }

    public int fall() {
        return values.get(FALL);
    }

    public StatusRanges status() {
        return values.get(STATUS);
    }

    public Duration deadline() {
        return values.get(DEADLINE);
    }

    public Optional<String> host() {
        return values.find(HOST);
    }

    public Optional<Integer> port() {
        return values.find(PORT);
    }
}
