package dev.turnout.proxy.observe;

import dev.turnout.config.AccessLogConfig;
import dev.turnout.config.AccessTemplate;
import java.nio.file.Path;
import java.util.List;

/**
 * How requests are written to an access log.
 *
 * @param format the format of its lines
 * @param template the form of a line of that format
 * @param redacted the query parameters whose values are left out
 * @param file where it is written to, from the root of the file system
 */
public record AccessLogSettings(
        AccessLogConfig.Format format, AccessTemplate template, List<String> redacted, Path file) {

    public AccessLogSettings {
        redacted = List.copyOf(redacted);
        file = file.toAbsolutePath().normalize();
    }
}
