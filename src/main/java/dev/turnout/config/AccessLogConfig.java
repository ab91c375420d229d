package dev.turnout.config;

import java.nio.file.Path;
import java.util.List;

/** Keys of the access log. */
public final class AccessLogConfig {

    static final KeyTable KEYS = new KeyTable();

    static final Key<Format> FORMAT = KEYS.add(Key.of("access-log", ValueType.word(Format.values()))
            .byDefault("off")
            .shared()
            .atReload()
            .english("Whether each request is written to a file, and in which form: `off`, `combined`, `json`, "
                    + "`template`."));

    static final Key<AccessTemplate> TEMPLATE = KEYS.add(Key.of("access-log-template", ValueType.accessTemplate())
            .byDefault("{time} {client} {method} {target} {status} {bytes} {millis} {slot} {requestId}")
            .shared()
            .atReload()
            .english("The form of a line with `turnout.access-log=template`. A field that is not known of a "
                    + "request is `-`."));

    static final Key<List<String>> REDACT = KEYS.add(Key.of("access-log-redact", ValueType.parameterNames())
            .shared()
            .atReload()
            .english("Query parameters whose values are written as `***`, in the URL and in the Referer, and in spans. "
                    + "Upper and lower case are the same. A request that is refused before its service is known has the "
                    + "parameters of all services written so."));

    static final Key<Path> FILE = KEYS.add(Key.of("access-log-file", ValueType.path())
            .byDefault("turnout-access.log")
            .shared()
            .atReload()
            .english("The file of the access log. Several services may share it, each in its own form. The file is "
                    + "rotated by renaming it, or by copying and truncating it. `/dev/stdout` is the output of the "
                    + "program."));

    private final Values values;

    AccessLogConfig(Values values) {
        this.values = values;
    }

    public Format format() {
        return values.get(FORMAT);
    }

    public AccessTemplate template() {
        return values.get(TEMPLATE);
    }

    /** Returns the query parameters whose values are left out. */
    public List<String> redacted() {
        return values.find(REDACT).orElse(List.of());
    }

    public Path file() {
        return values.get(FILE);
    }

    /** How the access log is written. */
    public enum Format {
        OFF,
        COMBINED,
        JSON,
        TEMPLATE
    }
}
