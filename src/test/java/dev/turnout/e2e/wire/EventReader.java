package dev.turnout.e2e.wire;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads server-sent events one by one, each as soon as it is whole. For one thread. */
public final class EventReader {

    private static final Pattern EMPTY_LINE = Pattern.compile("(^|\n)\r?\n\\z");

    private final InputStream body;

    public EventReader(InputStream body) {
        this.body = body;
    }

    /**
     * Waits for the next event.
     *
     * @return its lines, the empty one included; empty at the end of the stream
     * @throws CutShort if the stream ends within an event
     */
    public Optional<String> next() throws IOException {
        StringBuilder event = new StringBuilder();
        for (int octet = body.read(); octet >= 0; octet = body.read()) {
            event.append((char) octet);
            if (octet == '\n' && EMPTY_LINE.matcher(event).find()) {
                return Optional.of(event.toString());
            }
        }
        if (!event.isEmpty()) {
            throw new CutShort("the stream ended within an event: " + event);
        }
        return Optional.empty();
    }
}
