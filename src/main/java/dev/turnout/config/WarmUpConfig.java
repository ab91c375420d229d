package dev.turnout.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Keys under {@code turnout.warmup}: requests to a slot between the gate and the first client. */
public final class WarmUpConfig {

    static final KeyTable KEYS = new KeyTable();

    static final Key<List<String>> PATHS = KEYS.add(Key.of("warmup.paths", ValueType.requestPaths())
            .shared()
            .atReload()
            .english("The paths, separated by commas, that are requested with GET from every target that "
                    + "has passed the gate. Without a value there is no warm-up."));

    static final Key<Integer> COUNT = KEYS.add(Key.of("warmup.count", ValueType.whole(1, 10_000))
            .byDefault("20")
            .shared()
            .atReload()
            .english("How many requests are sent for each path."));

    static final Key<Boolean> SETTLE = KEYS.add(Key.of("warmup.settle", ValueType.flag())
            .byDefault("false")
            .shared()
            .atReload()
            .english("Whether the same number of requests is repeated until 95 of 100 answers are no "
                    + "faster than before."));

    static final Key<Duration> DEADLINE = KEYS.add(Key.of("warmup.deadline", ValueType.time())
            .byDefault("30s")
            .shared()
            .atReload()
            .english("How long the warm-up may take. After that the change goes on."));

    static final Key<Boolean> REQUIRED = KEYS.add(Key.of("warmup.required", ValueType.flag())
            .byDefault("false")
            .shared()
            .atReload()
            .english("Whether the change is refused if a path fails: no answer, or a status of 400 or above."));

    private final Values values;

    WarmUpConfig(Values values) {
        this.values = values;
    }

    public Optional<List<String>> paths() {
        return values.find(PATHS);
    }

    public int count() {
        return values.get(COUNT);
    }

    public boolean settle() {
        return values.get(SETTLE);
    }

    public Duration deadline() {
        return values.get(DEADLINE);
    }

    public boolean required() {
        return values.get(REQUIRED);
    }
}
