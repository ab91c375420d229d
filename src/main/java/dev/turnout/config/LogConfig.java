package dev.turnout.config;

/** Keys under {@code turnout.log}: the log of the program itself. */
public final class LogConfig {

    static final KeyTable KEYS = new KeyTable();

    static final Key<Format> FORMAT = KEYS.add(Key.of("log.format", ValueType.word(Format.values()))
            .byDefault("plain")
            .atReload()
            .english("The form of the program's own log: `plain`, or `json` with one object a line. Run by systemd, "
                    + "`plain` has the journal's priorities instead of a time."));

    static final Key<Level> LEVEL = KEYS.add(Key.of("log.level", ValueType.word(Level.values()))
            .byDefault("info")
            .atReload()
            .english("The least important lines of the program's own log: `error`, `warn`, `info` or `debug`."));

    private final Values values;

    LogConfig(Values values) {
        this.values = values;
    }

    public Format format() {
        return values.get(FORMAT);
    }

    public Level level() {
        return values.get(LEVEL);
    }

    /** The form of a line. */
    public enum Format {
        PLAIN,
        JSON
    }

    /** How important a line is, the most important first. */
    public enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG
    }
}
