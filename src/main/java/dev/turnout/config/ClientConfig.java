package dev.turnout.config;

import java.time.Duration;

/** Keys under {@code turnout.client}: connections from clients. */
public final class ClientConfig {

    static final KeyTable KEYS = new KeyTable();

    static final Key<Duration> HANDSHAKE = KEYS.add(Key.of("client.handshake", ValueType.time())
            .byDefault("10s")
            .ofConnections()
            .atReload()
            .english("How long a client may take for a TLS handshake, from its connection on."));

    static final Key<Duration> HEAD = KEYS.add(Key.of("client.head", ValueType.time())
            .byDefault("10s")
            .ofConnections()
            .atReload()
            .english("How long a client may take to send the head of a request."));

    static final Key<Duration> BODY = KEYS.add(Key.of("client.body", ValueType.time())
            .byDefault("60s")
            .shared()
            .atReload()
            .english("How long a body may make no progress, from or to a client."));

    static final Key<Duration> IDLE = KEYS.add(Key.of("client.idle", ValueType.time())
            .byDefault("75s")
            .ofConnections()
            .atReload()
            .english("How long a connection without a request is kept."));

    private final Values values;

    ClientConfig(Values values) {
        this.values = values;
    }

    public Duration handshake() {
        return values.get(HANDSHAKE);
    }

    public Duration head() {
        return values.get(HEAD);
    }

    public Duration body() {
        return values.get(BODY);
    }

    public Duration idle() {
        return values.get(IDLE);
    }
}
