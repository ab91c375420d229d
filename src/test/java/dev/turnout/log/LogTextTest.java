package dev.turnout.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.junit.jupiter.api.Test;

final class LogTextTest {

    private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");
    private static final String FORGED = "x\n<3>forged\u001b[2J";

    private static ExtLogRecord record(java.util.logging.Level level, String message) {
        ExtLogRecord record = new ExtLogRecord(level, message, ExtLogRecord.FormatStyle.NO_FORMAT, "test");
        record.setInstant(Instant.parse("2026-11-25T15:00:00.123Z"));
        return record;
    }

    private static ExtLogRecord withTrace(String message) {
        ExtLogRecord record = record(Level.ERROR, message);
        record.setThrown(new IllegalStateException(FORGED));
        return record;
    }

    @Test
    void a_plain_line_has_time_offset_level_and_message() {
        assertThat(new PlainText(SEOUL).format(record(Level.WARN, "default: it is DOWN")))
                .isEqualTo("2026-11-26 00:00:00.123+09:00 WARN  default: it is DOWN\n");
    }

    @Test
    void the_journal_gets_a_priority_for_each_level() {
        JournalText text = new JournalText();

        assertThat(List.of(Level.FATAL, Level.ERROR, Level.WARN, Level.INFO, Level.DEBUG))
                .extracting(level -> text.format(record(level, "m")))
                .containsExactly("<3>m\n", "<3>m\n", "<4>m\n", "<6>m\n", "<7>m\n");
        assertThat(text.format(record(java.util.logging.Level.SEVERE, "m"))).isEqualTo("<3>m\n");
    }

    @Test
    void each_line_of_a_stack_trace_has_the_priority() {
        assertThat(new JournalText().format(withTrace("it failed")).lines())
                .hasSizeGreaterThan(2)
                .allSatisfy(line -> assertThat(line).startsWith("<3>"));
    }

    @Test
    void a_json_line_names_the_service_only_if_there_is_one_of_that_name() {
        JsonLine json = new JsonLine(SEOUL, Set.of("default"));

        JsonObject line = new JsonObject(json.format(record(Level.INFO, "default: served again")));
        assertThat(line.getString("time")).isEqualTo("2026-11-26T00:00:00.123+09:00");
        assertThat(line.getString("level")).isEqualTo("INFO");
        assertThat(line.getString("message")).isEqualTo("default: served again");
        assertThat(line.getString("service")).isEqualTo("default");
        assertThat(new JsonObject(json.format(record(Level.INFO, "Stopping: soon"))).containsKey("service"))
                .isFalse();
    }

    @Test
    void a_stack_trace_stays_in_one_json_object() {
        String line = new JsonLine(SEOUL, Set.of()).format(withTrace("it failed"));

        assertThat(line.strip()).doesNotContain("\n");
        assertThat(new JsonObject(line).getString("trace")).contains("IllegalStateException");
    }

    @Test
    void what_came_from_outside_is_visible_text_in_every_form() {
        for (LogText text : List.of(new PlainText(SEOUL), new JournalText(), new JsonLine(SEOUL, Set.of()))) {
            assertThat(text.format(record(Level.INFO, FORGED)).lines()).hasSize(1);
            assertThat(text.format(withTrace(FORGED))).doesNotContain("\u001b").doesNotContain("\n<3>forged");
        }
    }
}
