package dev.turnout.log;

import dev.turnout.config.LogConfig;
import dev.turnout.config.ServiceSettings;
import dev.turnout.config.TurnoutConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.Logger;

/**
 * The program's own log on standard output, in the place of Quarkus' console: the only output of a line that has no
 * names of classes and threads.
 */
public final class ProgramLog {

    private static final Path OUTPUT = Path.of("/proc/self/fd/1");
    private static final String TURNOUT = "dev.turnout";
    private static final Duration LAST_LINES = Duration.ofSeconds(1);

    private final LogContext loggers;
    private final Map<String, String> environment;

    /** @param environment of this process: says whether systemd reads the output */
    public ProgramLog(Map<String, String> environment) {
        this(LogContext.getLogContext(), environment);
    }

    ProgramLog(LogContext loggers, Map<String, String> environment) {
        this.loggers = loggers;
        this.environment = Map.copyOf(environment);
    }

    /**
     * Writes the log as the configuration says, from now on. May be called again with another configuration. Called first
     * before Quarkus starts, which logs too.
     */
    public void apply(TurnoutConfig config) {
        LogText text = text(config);
        output().ifPresentOrElse(known -> known.setFormatter(text), () -> begin(text));
        loggers.getLogger(TURNOUT).setLevel(level(config.log().level()));
    }

    private void begin(LogText text) {
        LogOutput output = new LogOutput(text);
        output.begin();
        Logger root = loggers.getLogger("");
        root.addHandler(output);
        // Until Quarkus sets quarkus.log.level, everything would be logged.
        root.setLevel(Level.INFO);
    }

    private Optional<LogOutput> output() {
        return Stream.of(loggers.getLogger("").getHandlers())
                .filter(LogOutput.class::isInstance)
                .map(LogOutput.class::cast)
                .findFirst();
    }

    /** Has the last lines written, before the process ends. Blocks, for a second at most: nobody may read them. */
    public void finish() {
        try {
            Optional<LogOutput> output = output();
            if (output.isPresent()) {
                output.get().awaitWritten(LAST_LINES);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private LogText text(TurnoutConfig config) {
        ZoneId zone = ZoneId.systemDefault();
        if (config.log().format() == LogConfig.Format.JSON) {
            return new JsonLine(
                    zone,
                    ServiceSettings.of(config).stream()
                            .map(ServiceSettings::name)
                            .collect(Collectors.toSet()));
        }
        return JournalStream.is(OUTPUT, environment) ? new JournalText() : new PlainText(zone);
    }

    private static Level level(LogConfig.Level level) {
        return switch (level) {
            case ERROR -> Level.ERROR;
            case WARN -> Level.WARN;
            case INFO -> Level.INFO;
            case DEBUG -> Level.DEBUG;
        };
    }
}
