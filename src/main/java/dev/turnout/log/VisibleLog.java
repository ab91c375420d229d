package dev.turnout.log;

import dev.turnout.routing.VisibleText;
import io.quarkus.logging.LoggingFilter;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;

/**
 * The filter that makes every line of the log visible text. Messages, and the messages of exceptions, may hold what
 * targets, clients and commands have sent. Long messages are shortened. Any thread.
 */
@LoggingFilter(name = "visible")
public final class VisibleLog implements Filter {

    private final Message formatter = new Message();

    /** A record's message with its parameters. */
    private static final class Message extends ExtFormatter {
        @Override
        public String format(ExtLogRecord record) {
            return record.getMessage() == null ? "" : formatMessage(record);
        }
    }

    @Override
    public boolean isLoggable(LogRecord record) {
        if (record instanceof ExtLogRecord message) {
            String formatted = formatter.format(message);
            String visible = VisibleText.of(formatted, VisibleText.LONG);
            if (!visible.equals(formatted)) {
                message.setMessage(visible, ExtLogRecord.FormatStyle.NO_FORMAT);
                message.setParameters(null);
            }
        }
        if (record.getThrown() != null) {
            record.setThrown(visible(record.getThrown()));
        }
        return true;
    }

    /** Returns the failure itself if all of its messages are visible. */
    static Throwable visible(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String text = String.valueOf(cause);
            if (!VisibleText.of(text, VisibleText.LONG).equals(text)) {
                return new VisibleFailure(failure);
            }
        }
        return failure;
    }

    /** A failure as it is printed, with visible messages. */
    private static final class VisibleFailure extends Throwable {

        private static final long serialVersionUID = 1L;

        private VisibleFailure(Throwable failure) {
            super(
                    VisibleText.of(String.valueOf(failure), VisibleText.LONG),
                    failure.getCause() == null ? null : visible(failure.getCause()),
                    false,
                    true);
            setStackTrace(failure.getStackTrace());
        }

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }

        @Override
        public String toString() {
            return String.valueOf(getMessage());
        }
    }
}
