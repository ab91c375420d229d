package dev.turnout.support;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Turnout says once it serves.
 *
 * @param active the slot that serves of service {@code default}; of the first service if there is none
 */
public record ReadyLine(String version, URI front, URI admin, String active, long revision) {

    private static final Pattern FORMAT = Pattern.compile("Turnout (\\S+) ready in \\S+ s: front (http://\\S+:[0-9]+), "
            + "admin (http://\\S+:[0-9]+), (?:.*?default|\\S+) -> (blue|green) .*?revision ([0-9]+).*");

    /** Finds it in a line of what Turnout has said. */
    public static Optional<ReadyLine> find(String line) {
        Matcher matcher = FORMAT.matcher(line);
        return matcher.find()
                ? Optional.of(new ReadyLine(
                        matcher.group(1),
                        URI.create(matcher.group(2)),
                        URI.create(matcher.group(3)),
                        matcher.group(4),
                        Long.parseLong(matcher.group(5))))
                : Optional.empty();
    }
}
