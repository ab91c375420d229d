package dev.turnout.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The lines of a stream of bytes, each within a bound. A line ends with LF or CR LF. */
final class ResponseLines {

    private final InputStream bytes;
    private final int most;

    /**
     * Reads lines.
     *
     * @param most the bytes that a line has at most
     */
    ResponseLines(InputStream bytes, int most) {
        this.bytes = bytes;
        this.most = most;
    }

    /**
     * Returns the next line without its end; null if the stream is at its end.
     *
     * @throws NotHttp if the line is too long
     */
    @Nullable
    String next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = bytes.read();
        if (next < 0) {
            return null;
        }
        while (next >= 0 && next != '\n') {
            line.write(next);
            if (line.size() > most) {
                throw new NotHttp(start(line));
            }
            next = bytes.read();
        }
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private static String start(ByteArrayOutputStream line) {
        return new String(line.toByteArray(), 0, Math.min(line.size(), 200), StandardCharsets.UTF_8);
    }
}
