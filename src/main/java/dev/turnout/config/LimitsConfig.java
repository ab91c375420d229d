package dev.turnout.config;

import io.quarkus.runtime.configuration.MemorySize;

/** Keys under {@code turnout.limits}: what clients may use. */
public final class LimitsConfig {

    static final KeyTable KEYS = new KeyTable();

    static final Key<MemorySize> HEAD = KEYS.add(
            Key.of("limits.head", ValueType.size(1 << 10, 1 << 20, "a size from 1K to 1M, such as 16K or 16384"))
                    .byDefault("16K")
                    .ofConnections()
                    .english("The largest head of a request or of a response, 1 KiB to 1 MiB."));

    static final Key<MemorySize> HEADS =
            KEYS.add(Key.of("limits.heads", ValueType.size(0, Long.MAX_VALUE, "a size such as 32M, or 0"))
                    .byDefault("0")
                    .ofAllServices()
                    .english("The memory for all heads, of requests in flight and of unfinished heads. 0 means a "
                            + "quarter of the memory for buffers."));

    static final Key<MemorySize> BODY =
            KEYS.add(Key.of("limits.body", ValueType.size(0, Long.MAX_VALUE, "a size such as 10M, or 0"))
                    .byDefault("0")
                    .shared()
                    .atReload()
                    .english("The largest body of a request. 0 means no limit."));

    static final Key<Integer> CONNECTIONS = KEYS.add(Key.of("limits.connections", ValueType.whole(1, 1_000_000))
            .byDefault("20000")
            .ofAllServices()
            .atReload()
            .english("The most client connections at a time. Any further connection is refused at once."));

    static final Key<Integer> REQUESTS = KEYS.add(Key.of("limits.requests", ValueType.whole(1, 1_000_000))
            .byDefault("10000")
            .ofAllServices()
            .atReload()
            .english("The most requests in flight at a time. Any further request is refused at once. From half "
                    + "of it on, one HTTP/2 connection gets no more than an eighth of what is left, or 8."));

    static final Key<MemorySize> RATES =
            KEYS.add(Key.of("limits.rates", ValueType.size(1 << 12, 1 << 30, "a size from 4K to 1G, such as 16M"))
                    .byDefault("16M")
                    .ofAllServices()
                    .atReload()
                    .english("The memory for the client addresses that rules with `rate` count, of all services. Each"
                            + " rule of each service has the same share of it, at most 1 MiB, about 65,536 addresses,"
                            + " and takes it as addresses come. Beyond that, the addresses are forgotten that may send"
                            + " again soonest."));

    private final Values values;

    LimitsConfig(Values values) {
        this.values = values;
    }

    public MemorySize head() {
        return values.get(HEAD);
    }

    public MemorySize heads() {
        return values.get(HEADS);
    }

    public MemorySize body() {
        return values.get(BODY);
    }

    public MemorySize rates() {
        return values.get(RATES);
    }

    public int connections() {
        return values.get(CONNECTIONS);
    }

    public int requests() {
        return values.get(REQUESTS);
    }
}
