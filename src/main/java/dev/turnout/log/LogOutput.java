package dev.turnout.log;

import dev.turnout.config.DaemonThread;
import dev.turnout.config.Deadline;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.handlers.ConsoleHandler;

/**
 * Standard output as the output of the log. Whoever logs does not wait for the output, which stands still while its reader
 * pauses: lines wait in a queue, and one thread writes them. Lines that find the queue full are left out and counted. Any
 * thread.
 */
final class LogOutput extends ExtHandler {

    /** The lines that wait. Characters. */
    static final int MOST_WAITING = 1 << 20;

    private final Handler output;
    private final Object lock = new Object();

    /** Guarded by the lock, as all below. */
    private final Queue<String> waiting = new ArrayDeque<>();

    private int characters;
    private long leftOut;
    private boolean isWriting;

    LogOutput(LogText text) {
        this(text, new ConsoleHandler(ConsoleHandler.Target.SYSTEM_OUT, new Whole()));
    }

    /** @param output gets records whose message is the whole line */
    LogOutput(LogText text, Handler output) {
        this.output = output;
        setFormatter(text);
    }

    /** A line that has its form already. */
    private static final class Whole extends ExtFormatter {
        @Override
        public String format(ExtLogRecord record) {
            return record.getMessage();
        }
    }

    /** Starts the thread that writes. */
    void begin() {
        DaemonThread.start("turnout-log", this::write);
    }

    @Override
    protected void doPublish(ExtLogRecord record) {
        try {
            add(getFormatter().format(record));
        } catch (RuntimeException e) {
            reportError("A line could not be written", e, ErrorManager.FORMAT_FAILURE);
        }
    }

    private void add(String line) {
        synchronized (lock) {
            if (characters + line.length() > MOST_WAITING) {
                leftOut++;
            } else {
                waiting.add(line);
                characters += line.length();
                lock.notifyAll();
            }
        }
    }

    /** Waits until all lines have been written, but no longer than this time. */
    void awaitWritten(Duration most) throws InterruptedException {
        Deadline deadline = Deadline.after(most);
        synchronized (lock) {
            while ((isWriting || !waiting.isEmpty() || leftOut > 0) && !deadline.isOver()) {
                lock.wait(deadline.leftMillis() + 1);
            }
        }
    }

    private void write() {
        while (true) {
            try {
                output.publish(record(next(), Level.INFO));
            } catch (InterruptedException | RuntimeException | Error e) {
                // There is no other output to tell of it. The thread goes on.
            }
        }
    }

    private String next() throws InterruptedException {
        synchronized (lock) {
            isWriting = false;
            lock.notifyAll();
            while (waiting.isEmpty() && leftOut == 0) {
                lock.wait();
            }
            isWriting = true;
            String line = waiting.poll();
            if (line == null) {
                return loss();
            }
            characters -= line.length();
            return line;
        }
    }

    /** Returns the line that tells of those that were left out. The queue that was full has been written. */
    private String loss() {
        String message =
                leftOut + " lines of this log were left out: its reader paused, and more waited already than is kept.";
        leftOut = 0;
        return getFormatter().format(record(message, Level.WARN));
    }

    private static ExtLogRecord record(String message, java.util.logging.Level level) {
        return new ExtLogRecord(level, message, ExtLogRecord.FormatStyle.NO_FORMAT, LogOutput.class.getName());
    }
}
