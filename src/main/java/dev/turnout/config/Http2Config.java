package dev.turnout.config;

import io.quarkus.runtime.configuration.MemorySize;

/** Keys under {@code turnout.http2}: HTTP/2 from clients. */
public final class Http2Config {

    static final KeyTable KEYS = new KeyTable();

    static final Key<Boolean> ENABLED = KEYS.add(Key.of("http2.enabled", ValueType.flag())
            .byDefault("true")
            .ofConnections()
            .english("Whether clients may speak HTTP/2."));

    static final Key<Boolean> PLAIN = KEYS.add(Key.of("http2.plain", ValueType.flag())
            .byDefault("true")
            .ofConnections()
            .atReload()
            .english("Whether clients may begin with HTTP/2 on the port for plain HTTP. `Upgrade: h2c` is never "
                    + "taken up."));

    static final Key<Integer> STREAMS = KEYS.add(Key.of("http2.streams", ValueType.whole(1, 10_000))
            .byDefault("128")
            .ofConnections()
            .atReload()
            .english("The most requests at a time on one connection."));

    static final Key<MemorySize> STREAM_WINDOW = KEYS.add(Key.of("http2.stream-window", window())
            .byDefault("64K")
            .ofConnections()
            .atReload()
            .english("How much of one request's body a client may send ahead of the target, 64 KiB to 16 MiB."));

    static final Key<MemorySize> CONNECTION_WINDOW = KEYS.add(Key.of("http2.connection-window", window())
            .byDefault("1M")
            .ofConnections()
            .atReload()
            .english("How much of all bodies on one connection a client may send ahead of the targets, 64 KiB to "
                    + "16 MiB."));

    static final Key<MemorySize> TABLE = KEYS.add(Key.of(
                    "http2.table", ValueType.size(0, 1 << 16, "a size from 0 to 64K, such as 4K"))
            .byDefault("4K")
            .ofConnections()
            .atReload()
            .english("The memory of one connection for header fields that a client sends again, up to " + "64 KiB."));

    static final Key<Integer> CONTINUATIONS = KEYS.add(Key.of("http2.continuations", ValueType.whole(0, 1_000))
            .byDefault("8")
            .ofConnections()
            .atReload()
            .english("The most CONTINUATION frames of one head."));

    static final Key<Integer> FLOOD = KEYS.add(Key.of("http2.flood", ValueType.whole(100, 1_000_000))
            .byDefault("4000")
            .ofConnections()
            .atReload()
            .english("What one connection may spend on frames that do nothing: 20 for each reset that the "
                    + "client causes, 10 for SETTINGS, 1 to 4 for others. A completed request earns 40."));

    private final Values values;

    Http2Config(Values values) {
        this.values = values;
    }

    private static ValueType<MemorySize> window() {
        return ValueType.size(1 << 16, 1 << 24, "a size from 64K to 16M, such as 1M");
    }

    public boolean enabled() {
        return values.get(ENABLED);
    }

    public boolean plain() {
        return values.get(PLAIN);
    }

    public int streams() {
        return values.get(STREAMS);
    }

    public MemorySize streamWindow() {
        return values.get(STREAM_WINDOW);
    }

    public MemorySize connectionWindow() {
        return values.get(CONNECTION_WINDOW);
    }

    public MemorySize table() {
        return values.get(TABLE);
    }

    public int continuations() {
        return values.get(CONTINUATIONS);
    }

    public int flood() {
        return values.get(FLOOD);
    }
}
