package dev.turnout.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;

/** One line of the log as text, in parts. All text is visible: see {@link VisibleLog}. Any thread. */
abstract class LogText extends ExtFormatter {

    /** The longest stack trace that is kept. Characters. */
    private static final int LONGEST_TRACE = 32 << 10;

    private final VisibleLog visible = new VisibleLog();

    @Override
    public final String format(ExtLogRecord record) {
        visible.isLoggable(record);
        return line(record, formatMessage(record), trace(record));
    }

    /**
     * Returns the whole line, with its end.
     *
     * @param trace the stack trace, in lines; empty if there is none
     */
    abstract String line(ExtLogRecord record, String message, String trace);

    /** Returns the level in a word: ERROR, WARN, INFO or DEBUG. */
    static String word(LogRecord record) {
        int level = record.getLevel().intValue();
        if (level >= Level.SEVERE.intValue()) {
            return "ERROR";
        }
        if (level >= Level.WARNING.intValue()) {
            return "WARN";
        }
        return level >= Level.INFO.intValue() ? "INFO" : "DEBUG";
    }

    private static String trace(LogRecord record) {
        if (record.getThrown() == null) {
            return "";
        }
        StringWriter text = new StringWriter();
        record.getThrown().printStackTrace(new PrintWriter(text));
        String trace = text.toString().stripTrailing();
        return trace.length() <= LONGEST_TRACE ? trace : trace.substring(0, LONGEST_TRACE) + "...";
    }
}
