package dev.turnout.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The output of the log")
final class LogOutputTest {

    private static final int LINE = 1_024;

    private final CountDownLatch read = new CountDownLatch(1);
    private final List<String> written = new CopyOnWriteArrayList<>();
    private final LogOutput output = new LogOutput(new JournalText(), new Handler() {
        @Override
        public void publish(LogRecord line) {
            try {
                read.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            written.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    });

    LogOutputTest() {
        output.begin();
    }

    private void log(String message) {
        output.publish(new ExtLogRecord(Level.INFO, message, ExtLogRecord.FormatStyle.NO_FORMAT, "test"));
    }

    @Test
    void is_not_waited_for_while_its_reader_pauses_and_has_all_lines_in_their_order_then() throws Exception {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            log("line " + i);
            lines.add("<6>line " + i + "\n");
        }
        output.awaitWritten(Duration.ofMillis(10));
        assertThat(written).isEmpty();

        read.countDown();
        output.awaitWritten(Await.PATIENCE);

        assertThat(written).isEqualTo(lines);
    }

    @Test
    void says_how_many_lines_were_left_out() throws Exception {
        String message = "x".repeat(LINE - "<6>\n".length());
        int fit = LogOutput.MOST_WAITING / LINE;
        for (int i = 0; i < fit + 10; i++) {
            log(message);
        }
        read.countDown();
        output.awaitWritten(Await.PATIENCE);

        // The first line may have been taken from the queue before the last ones came.
        int kept = written.size() - 1;
        assertThat(kept).isBetween(fit, fit + 1);
        assertThat(written.get(kept)).startsWith("<4>" + (fit + 10 - kept) + " lines of this log were left out");
        log("the next line");
        output.awaitWritten(Await.PATIENCE);
        assertThat(written).endsWith("<6>the next line\n");
    }
}
