package dev.turnout.log;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jboss.logmanager.ExtLogRecord;

/** A line for people: the time with its offset, the level, the message. A stack trace follows in lines of its own. */
final class PlainText extends LogText {

    private final DateTimeFormatter times;

    PlainText(ZoneId zone) {
        times = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSxxx", Locale.ROOT)
                .withZone(zone);
    }

    @Override
    String line(ExtLogRecord record, String message, String trace) {
        String time = times.format(record.getInstant());
        return String.format(Locale.ROOT, "%s %-5s %s%n", time, word(record), message)
                + (trace.isEmpty() ? "" : trace + "\n");
    }
}
