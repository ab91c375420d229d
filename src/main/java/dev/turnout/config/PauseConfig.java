package dev.turnout.config;

import io.quarkus.runtime.configuration.MemorySize;
import java.time.Duration;

/** Keys under {@code turnout.pause}: requests while a service is paused. */
public final class PauseConfig {

    static final KeyTable KEYS = new KeyTable();

    static final Key<Integer> REQUESTS = KEYS.add(Key.of("pause.requests", ValueType.whole(1, 1_000_000))
            .byDefault("5000")
            .shared()
            .atReload()
            .english("The most requests of one service that wait. Any further request gets 503."));

    static final Key<MemorySize> BYTES =
            KEYS.add(Key.of("pause.bytes", ValueType.size(1 << 10, Long.MAX_VALUE, "a size of 1K or more, such as 64M"))
                    .byDefault("64M")
                    .shared()
                    .atReload()
                    .english("The most bytes that the waiting requests of one service may hold."));

    static final Key<Duration> TIMEOUT = KEYS.add(Key.of("pause.timeout", ValueType.time())
            .byDefault("30s")
            .shared()
            .atReload()
            .english("How long a request waits. After that the request gets 503."));

    static final Key<Duration> RELEASE = KEYS.add(Key.of("pause.release", ValueType.time())
            .byDefault("2s")
            .shared()
            .atReload()
            .english("Over how long the waiting requests are spread when the service is resumed."));

    private final Values values;

    PauseConfig(Values values) {
        this.values = values;
    }

    public int requests() {
        return values.get(REQUESTS);
    }

    public MemorySize bytes() {
        return values.get(BYTES);
    }

    public Duration timeout() {
        return values.get(TIMEOUT);
    }

    public Duration release() {
        return values.get(RELEASE);
    }
}
