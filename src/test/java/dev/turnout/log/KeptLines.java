package dev.turnout.log;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.jboss.logging.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;

/** A logger of its own that keeps its lines: the level, a blank, the message. */
final class KeptLines implements AutoCloseable {

    private final java.util.logging.Logger raw;
    private final Logger logger;
    private final List<String> lines = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord record) {
            lines.add(new PatternFormatter("%p %s").format(org.jboss.logmanager.ExtLogRecord.wrap(record)));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    KeptLines(Class<?> test) {
        logger = Logger.getLogger("kept." + test.getName());
        raw = java.util.logging.Logger.getLogger("kept." + test.getName());
        raw.setUseParentHandlers(false);
        raw.addHandler(handler);
    }

    Logger logger() {
        return logger;
    }

    /** Returns the lines since the last call. */
    List<String> take() {
        List<String> taken = List.copyOf(lines);
        lines.clear();
        return taken;
    }

    @Override
    public void close() {
        raw.removeHandler(handler);
    }
}
