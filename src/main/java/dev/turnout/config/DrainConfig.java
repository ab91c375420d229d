package dev.turnout.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Keys under {@code turnout.drain}: the end of requests in flight at the old slot. */
public final class DrainConfig {

    static final KeyTable KEYS = new KeyTable();

    static final Key<Duration> TIMEOUT = KEYS.add(Key.of("drain.timeout", ValueType.time())
            .byDefault("30s")
            .shared()
            .atReload()
            .english("How long requests in flight at the old slot may take. After that they are cut."));

    static final Key<List<String>> ENDLESS = KEYS.add(Key.of("drain.endless", ValueType.pathPrefixes())
            .shared()
            .atReload()
            .english("The beginnings, separated by commas, of paths whose requests do not end: long "
                    + "polls, SockJS, endless downloads. A segment `*` stands for any one segment. A drain "
                    + "does not wait for these requests."));

    private final Values values;

    DrainConfig(Values values) {
        this.values = values;
    }

    public Duration timeout() {
        return values.get(TIMEOUT);
    }

    public Optional<List<String>> endless() {
        return values.find(ENDLESS);
    }
}
