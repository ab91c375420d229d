package dev.turnout.support.wire;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads server-sent events one by one, each as soon as it is whole. For one thread. */
public final class EventReader {

    private static final Pattern EMPTY_LINE = Pattern.compile("(^|\n)\r?\n\\z");

    /** Comments and a retry field, which dispatch nothing. */
    private static final Pattern NO_EVENT = Pattern.compile("(?::[^\n]*\n)*retry: (\\d+)\r?\n\r?\n");

    private final InputStream body;
    private OptionalInt retryMillis = OptionalInt.empty();

    public EventReader(InputStream body) {
        this.body = body;
    }

    /**
     * Waits for the next event. A {@code retry} field, with or without comments, is none.
     *
     * @return its lines, the empty one included; empty at the end of the stream
     * @throws CutShort if the stream ends within an event
     */
    public Optional<String> next() throws IOException {
        StringBuilder event = new StringBuilder();
        for (int octet = body.read(); octet >= 0; octet = body.read()) {
            event.append((char) octet);
            if (octet == '\n' && EMPTY_LINE.matcher(event).find()) {
                Matcher retry = NO_EVENT.matcher(event);
                if (!retry.matches()) {
                    return Optional.of(event.toString());
                }
                retryMillis = OptionalInt.of(Integer.parseInt(retry.group(1)));
                event.setLength(0);
            }
        }
        if (!event.isEmpty()) {
            throw new CutShort("the stream ended within an event: " + event);
        }
        return Optional.empty();
    }

    /** How long the reader was told to wait before it asks again; empty if it was not told. */
    public OptionalInt retryMillis() {
        return retryMillis;
    }
}
