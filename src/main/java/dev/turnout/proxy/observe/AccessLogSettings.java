package dev.turnout.proxy.observe;

import dev.turnout.config.AccessTemplate;
import dev.turnout.config.TurnoutConfig;
import java.nio.file.Path;
import java.util.List;

/**
 * How the access log is written.
 *
 * @param format the format of its lines
 * @param template the form of a line of that format
 * @param redacted the query parameters whose values are left out
 * @param file where it is written to
 */
public record AccessLogSettings(
        TurnoutConfig.AccessLog format, AccessTemplate template, List<String> redacted, Path file) {

    public AccessLogSettings {
        redacted = List.copyOf(redacted);
    }
}
