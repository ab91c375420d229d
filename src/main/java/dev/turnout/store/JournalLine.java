package dev.turnout.store;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * One entry of the journal as a line: JSON, shorter than {@value #MOST_BYTES} bytes with its end.
 *
 * <p>Earlier versions of Turnout may have left longer lines. A line of at most a megabyte is read and shortened. Of a
 * longer line the members before the first object are read: they say who did what and when.
 */
final class JournalLine {

    /** How long a line may be, with its end. Bytes. */
    static final int MOST_BYTES = (64 << 10) - 1;

    private static final int MOST_READ = 1 << 20;
    private static final int START = 4_096;

    private JournalLine() {}

    static byte[] of(JsonObject entry) {
        return (BoundedJson.within(entry, MOST_BYTES - 1).encode() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Returns true if a line has to be written anew, as {@link #of} would write it. */
    static boolean isTooLong(LinesBackward.Line line) {
        return line.length() >= MOST_BYTES;
    }

    /**
     * Reads an entry.
     *
     * @throws IllegalArgumentException if the line is no entry
     */
    static JsonObject read(LinesBackward lines, LinesBackward.Line line) throws IOException {
        byte[] bytes = lines.start(line, line.length() > MOST_READ ? START : MOST_READ);
        if (line.length() > MOST_READ) {
            return firstMembers(bytes);
        }
        // Bytes that are not UTF-8 make only their own line unreadable.
        return BoundedJson.within(JsonText.object(new String(bytes, StandardCharsets.UTF_8)), MOST_BYTES - 1);
    }

    private static JsonObject firstMembers(byte[] start) throws IOException {
        JsonObject entry = new JsonObject();
        try (JsonParser parser = new JsonFactory().createParser(start)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("it is not one whole JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (value == JsonToken.VALUE_STRING) {
                    entry.put(name, parser.getText());
                } else if (value == JsonToken.VALUE_NUMBER_INT) {
                    entry.put(name, parser.getLongValue());
                } else {
                    break;
                }
            }
        } catch (JacksonException e) {
            // The start ends within a value. The members before are valid.
            return entry.put(BoundedJson.SHORTENED, true);
        }
        return entry.put(BoundedJson.SHORTENED, true);
    }
}
