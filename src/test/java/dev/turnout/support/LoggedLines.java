package dev.turnout.support;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;

/** The lines that one logger writes, each with its level. */
public final class LoggedLines extends Handler implements AutoCloseable {

    private final Logger logger;
    private final PatternFormatter format = new PatternFormatter("%p %s");
    private final List<String> lines = new ArrayList<>();

    public LoggedLines(String name) {
        logger = Logger.getLogger(name);
        logger.addHandler(this);
    }

    @Override
    public synchronized void publish(LogRecord line) {
        lines.add(format.format(ExtLogRecord.wrap(line)));
    }

    /** Returns the lines since the last call. */
    public synchronized List<String> take() {
        List<String> taken = List.copyOf(lines);
        lines.clear();
        return taken;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
