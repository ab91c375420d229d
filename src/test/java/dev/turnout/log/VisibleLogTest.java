package dev.turnout.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.Level;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.Test;

final class VisibleLogTest {

    private static final String FORGED = "x\r\n2026-11-26 INFO forged\u001b[2J\u202e\u009b";

    private static ExtLogRecord filtered(ExtLogRecord record) {
        assertThat(new VisibleLog().isLoggable(record)).isTrue();
        return record;
    }

    private static String message(ExtLogRecord record) {
        return new PatternFormatter("%s").format(record);
    }

    private static ExtLogRecord of(String format, Object... parameters) {
        ExtLogRecord record = new ExtLogRecord(Level.INFO, format, ExtLogRecord.FormatStyle.PRINTF, "test");
        record.setParameters(parameters);
        return record;
    }

    @Test
    void what_is_visible_stays_as_it_is() {
        ExtLogRecord record = filtered(of("%s: slot %d", "default", 1));

        assertThat(message(record)).isEqualTo("default: slot 1");
        assertThat(record.getParameters()).hasSize(2);
    }

    @Test
    void what_came_from_outside_ends_no_line_and_moves_no_cursor() {
        assertThat(message(filtered(of("100 %% of '%s'", FORGED))))
                .isEqualTo("100 % of 'x\\r\\n2026-11-26 INFO forged\\u001b[2J\\u202e\\u009b'");
    }

    @Test
    void a_line_is_bounded() {
        assertThat(message(filtered(of("%s", "a".repeat(1 << 20))))).hasSizeLessThan(10_000);
    }

    @Test
    void the_message_of_an_exception_is_made_visible_and_its_trace_is_kept() {
        Exception thrown = new IllegalStateException("outer", new IllegalArgumentException(FORGED));
        ExtLogRecord record = of("it failed");
        record.setThrown(thrown);

        StringWriter printed = new StringWriter();
        filtered(record).getThrown().printStackTrace(new PrintWriter(printed));

        assertThat(printed.toString())
                .startsWith("java.lang.IllegalStateException: outer")
                .contains("Caused by: java.lang.IllegalArgumentException: x\\r\\n2026")
                .contains("VisibleLogTest.the_message_of_an_exception")
                .doesNotContain("\u001b");
    }

    @Test
    void an_exception_with_visible_messages_stays_itself() {
        Exception thrown = new IllegalStateException("plain", new IllegalArgumentException("too"));
        ExtLogRecord record = of("it failed");
        record.setThrown(thrown);

        assertThat(filtered(record).getThrown()).isSameAs(thrown);
    }
}
