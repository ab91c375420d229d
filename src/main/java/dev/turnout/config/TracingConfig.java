package dev.turnout.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** Keys under {@code turnout.tracing}: spans of requests for an OpenTelemetry collector. */
public final class TracingConfig {

    static final KeyTable KEYS = new KeyTable();

    static final Key<URI> URL = KEYS.add(Key.of("tracing.url", ValueType.anyHttpUrl())
            .atReload()
            .english("Where spans are sent to by OTLP over HTTP, such as `http://127.0.0.1:4318/v1/traces`. Without a"
                    + " value requests are not traced, and `traceparent` passes as it comes. Otherwise a trace goes on"
                    + " or begins here (W3C Trace Context). Not in nginx mode."));

    static final Key<Double> RATIO = KEYS.add(Key.of("tracing.ratio", ValueType.fraction())
            .byDefault("0.01")
            .atReload()
            .english(
                    "Which fraction of the traces is recorded. A request of `turnout.trusted-proxies` that comes with a"
                            + " `traceparent` is recorded if that says so. Anybody else's `traceparent` keeps its trace's"
                            + " identifier and decides nothing."));

    static final Key<String> SERVICE_NAME = KEYS.add(Key.of("tracing.service-name", ValueType.visible())
            .byDefault("turnout")
            .atReload()
            .english("The attribute `service.name` of all spans."));

    static final Key<Path> CA_FILE = KEYS.add(Key.of("tracing.ca-file", ValueType.path())
            .atReload()
            .english("The PEM file of the authorities that the collector's certificate is trusted by. Without a value"
                    + " it is what Java trusts."));

    static final Key<Path> HEADERS_FILE = KEYS.add(Key.of("tracing.headers-file", ValueType.path())
            .atReload()
            .english(
                    "A file with header lines for the collector, such as `Authorization: Bearer ...`: one `Name: value` a"
                            + " line, at most 16. No text shows what stands in there."));

    static final Key<Compression> COMPRESSION = KEYS.add(Key.of(
                    "tracing.compression", ValueType.word(Compression.values()))
            .byDefault("none")
            .atReload()
            .english("How batches of spans are compressed: `none`, or `gzip` for a collector that is far away."));

    static final Key<Boolean> REQUEST_ID = KEYS.add(Key.of("tracing.request-id", ValueType.flag())
            .byDefault("false")
            .atReload()
            .english("Whether `X-Request-Id` is the trace's identifier, 32 hexadecimal digits. A trusted proxy's"
                    + " `X-Request-Id` is kept."));

    /** How a batch of spans is compressed. */
    public enum Compression {
        NONE,
        GZIP
    }

    /** What messages call the key of the file. */
    public static final String CA_FILE_NAME = CA_FILE.name();

    private final Values values;

    TracingConfig(Values values) {
        this.values = values;
    }

    public Optional<URI> url() {
        return values.find(URL);
    }

    public double ratio() {
        return values.get(RATIO);
    }

    /** Returns true if {@code X-Request-Id} is the trace's identifier. */
    public boolean isRequestId() {
        return values.get(REQUEST_ID);
    }

    public String serviceName() {
        return values.get(SERVICE_NAME);
    }

    public Optional<Path> caFile() {
        return values.find(CA_FILE);
    }

    public Optional<Path> headersFile() {
        return values.find(HEADERS_FILE);
    }

    public Compression compression() {
        return values.get(COMPRESSION);
    }
}
