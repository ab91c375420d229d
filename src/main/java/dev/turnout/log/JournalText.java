package dev.turnout.log;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logmanager.ExtLogRecord;

/**
 * A line for systemd's journal: the priority as sd-daemon(3) has it, and the message. The journal has the time. Each
 * line of a stack trace has the priority too, since the journal takes each line for a message.
 */
final class JournalText extends LogText {

    @Override
    String line(ExtLogRecord record, String message, String trace) {
        String priority = priority(record);
        return Stream.concat(Stream.of(message), trace.lines())
                .map(line -> priority + line + "\n")
                .collect(Collectors.joining());
    }

    private static String priority(ExtLogRecord record) {
        return switch (word(record)) {
            case "ERROR" -> "<3>";
            case "WARN" -> "<4>";
            case "INFO" -> "<6>";
            default -> "<7>";
        };
    }
}
