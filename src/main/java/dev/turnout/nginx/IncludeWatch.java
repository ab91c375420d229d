package dev.turnout.nginx;

import dev.turnout.config.NginxConfig.Style;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The watch over the include file: tells when somebody else has changed where the file sends the traffic. Any thread. */
final class IncludeWatch {

    private final IncludeFile file;
    private final Style style;
    private volatile Expected expected = new Expected(List.of(), new Route(new TreeMap<>()));

    IncludeWatch(IncludeFile file, Style style) {
        this.file = file;
        this.style = style;
    }

    /** @param contents that are no drift; an empty content is a missing file */
    private record Expected(List<Optional<byte[]>> contents, Route route) {
        boolean has(Optional<byte[]> content) {
            return contents.stream()
                    .anyMatch(known -> known.isPresent() == content.isPresent()
                            && Arrays.equals(known.orElse(new byte[0]), content.orElse(new byte[0])));
        }
    }

    /** Sets what the file should hold from now on. */
    void expect(Optional<byte[]> content, Route route) {
        expected = new Expected(List.of(content), route);
    }

    /** Allows another content: it is about to be written, or to be overwritten. */
    void allow(Optional<byte[]> content) {
        Expected now = expected;
        expected = new Expected(
                Stream.concat(now.contents().stream(), Stream.of(content)).toList(), now.route());
    }

    /** Takes back what was allowed since the last {@link #expect}. */
    void allowNothingElse() {
        Expected now = expected;
        expected = new Expected(now.contents().subList(0, 1), now.route());
    }

    /** Reads the file. Returns what is wrong with the file now; empty if nothing is. Blocks. */
    Optional<String> drift() {
        Expected now = expected;
        try {
            Optional<byte[]> content = file.read();
            return now.has(content) ? Optional.empty() : drift(content, now);
        } catch (IOException e) {
            return Optional.of(file.path() + " cannot be read: " + e + ".");
        }
    }

    private Optional<String> drift(Optional<byte[]> content, Expected now) {
        if (content.isEmpty()) {
            return Optional.of(file.path() + " is gone; it should send the traffic to " + now.route() + ".");
        }
        try {
            Route route = Include.read(content.get(), style).route();
            return route.sendsLike(now.route())
                    ? Optional.empty()
                    : Optional.of("somebody else has changed " + file.path() + ": it sends the traffic to " + route
                            + " and not to " + now.route() + ".");
        } catch (IncludeRefused e) {
            return Optional.of(
                    "somebody else has changed " + file.path() + ", and it is not understood: " + e.getMessage() + ".");
        }
    }
}
