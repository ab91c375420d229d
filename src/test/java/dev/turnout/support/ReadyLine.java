package dev.turnout.support;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What Turnout says once it serves.
 *
 * @param front where clients connect to by plain HTTP; by HTTPS if there is no other port
 * @param secureFront where clients connect to by HTTPS; empty if there is no such port
 * @param active the slot that serves of service {@code default}; of the first service if there is none
 */
public record ReadyLine(String version, URI front, Optional<URI> secureFront, URI admin, String active, long revision) {

    private static final Pattern FORMAT =
            Pattern.compile("Turnout (\\S+) ready in \\S+ s: front (https?://\\S+:[0-9]+), (?:(https://\\S+:[0-9]+), )?"
                    + "admin (https?://\\S+:[0-9]+), (?:.*?default|\\S+) -> (blue|green) .*?revision ([0-9]+).*");

    /** Finds it in a line of what Turnout has said. */
    public static Optional<ReadyLine> find(String line) {
        Matcher matcher = FORMAT.matcher(line);
        return matcher.find()
                ? Optional.of(new ReadyLine(
                        matcher.group(1),
                        URI.create(matcher.group(2)),
                        Stream.of(matcher.group(3), matcher.group(2))
                                .filter(text -> text != null && text.startsWith("https:"))
                                .map(URI::create)
                                .findFirst(),
                        URI.create(matcher.group(4)),
                        matcher.group(5),
                        Long.parseLong(matcher.group(6))))
                : Optional.empty();
    }
}
