package dev.turnout.config;

import dev.turnout.routing.HostPort;
import java.time.Duration;
import java.util.Optional;

/** Keys under {@code turnout.upstream}: connections to targets. */
public final class UpstreamConfig {

    static final KeyTable KEYS = new KeyTable();

    static final Key<Duration> CONNECT = KEYS.add(Key.of("upstream.connect", ValueType.time())
            .byDefault("2s")
            .shared()
            .atReload()
            .english("How long opening a connection to a target may take."));

    static final Key<Duration> HEAD = KEYS.add(Key.of("upstream.head", ValueType.time())
            .byDefault("60s")
            .shared()
            .atReload()
            .english("How long a target may take to send the head of its response."));

    static final Key<Duration> BODY = KEYS.add(Key.of("upstream.body", ValueType.time())
            .byDefault("60s")
            .shared()
            .atReload()
            .english("How long a body may make no progress, from or to a target."));

    static final Key<Duration> IDLE = KEYS.add(Key.of("upstream.idle", ValueType.timeOrNone())
            .byDefault("4s")
            .shared()
            .atReload()
            .english("How long an idle connection is kept for the next request. This has to be less than "
                    + "the target's keep-alive time. With 0 each request gets its own connection and says "
                    + "`Connection: close`, and a connection over HTTP/2 ends with its last request."));

    static final Key<Integer> QUEUE = KEYS.add(Key.of("upstream.queue", ValueType.whole(0, 1_000_000))
            .byDefault("1000")
            .shared()
            .atReload()
            .english("The most requests that wait for a connection to one target, once the target has as many "
                    + "connections as `turnout.upstream.connections`. Any further request gets 503 `queue-full`."));

    static final Key<Duration> QUEUE_TIMEOUT = KEYS.add(Key.of("upstream.queue.timeout", ValueType.time())
            .byDefault("10s")
            .shared()
            .atReload()
            .english("How long a request waits for a connection. After that the request gets 503 `queue-timeout`."));

    static final Key<HostPort> DNS_SERVER = KEYS.add(Key.of("upstream.dns-server", ValueType.hostPort())
            .atReload()
            .english(
                    "The name server that is asked for targets such as `dns:app.internal:8080`, `host:port`. Without a "
                            + "value those of `/etc/resolv.conf` are asked."));

    private final Values values;

    UpstreamConfig(Values values) {
        this.values = values;
    }

    public Optional<HostPort> dnsServer() {
        return values.find(DNS_SERVER);
    }

    public Duration connect() {
        return values.get(CONNECT);
    }

    public Duration head() {
        return values.get(HEAD);
    }

    public Duration body() {
        return values.get(BODY);
    }

    /** Returns the most requests that wait for a connection to one target. */
    public int queue() {
        return values.get(QUEUE);
    }

    /** Returns how long a request waits for a connection to a target. */
    public Duration queueTimeout() {
        return values.get(QUEUE_TIMEOUT);
    }

    public Duration idle() {
        return values.get(IDLE);
    }
}
