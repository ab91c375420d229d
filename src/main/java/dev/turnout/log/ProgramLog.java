package dev.turnout.log;

import dev.turnout.config.LogConfig;
import dev.turnout.config.ServiceSettings;
import dev.turnout.config.TurnoutConfig;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Map;
import java.util.logging.Handler;
import java.util.stream.Collectors;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.Logger;
import org.jboss.logmanager.handlers.ConsoleHandler;

/**
 * The program's own log on standard output, in the place of Quarkus' console: the only output of a line that has no
 * names of classes and threads.
 */
public final class ProgramLog {

    private static final Path OUTPUT = Path.of("/proc/self/fd/1");
    private static final String TURNOUT = "dev.turnout";

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

    /** The handler, by its type told from all others. */
    private static final class Output extends ConsoleHandler {
        Output(LogText text) {
            super(Target.SYSTEM_OUT, text);
        }
    }

    /**
     * Writes the log as the configuration says, from now on. May be called again with another configuration. Called first
     * before Quarkus starts, which logs too.
     */
    public void apply(TurnoutConfig config) {
        Logger root = loggers.getLogger("");
        Output next = new Output(text(config));
        boolean isFirst = true;
        for (Handler handler : root.getHandlers()) {
            if (handler instanceof Output) {
                root.removeHandler(handler);
                isFirst = false;
            }
        }
        root.addHandler(next);
        if (isFirst) {
            // Until Quarkus sets quarkus.log.level, everything would be logged.
            root.setLevel(Level.INFO);
        }
        loggers.getLogger(TURNOUT).setLevel(level(config.log().level()));
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
