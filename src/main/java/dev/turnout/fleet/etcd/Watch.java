package dev.turnout.fleet.etcd;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** An open watch. One thread reads; any thread may close, which ends a read. */
public final class Watch implements AutoCloseable {

    private static final int MOST_BYTES = 16 * 1024 * 1024;
    private static final int BUFFER_BYTES = 8_192;

    private final InputStream stream;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int at;
    private int end;

    Watch(InputStream stream) {
        this.stream = stream;
    }

    /**
     * Blocks until the next message, which may never come.
     *
     * @throws WatchEnded if there are no more
     */
    public WatchBatch next() throws WatchEnded {
        try {
            return WatchBatch.read(line());
        } catch (IllegalArgumentException e) {
            throw WatchEnded.because("a message can't be understood: " + e.getMessage());
        } catch (IOException e) {
            throw WatchEnded.because("it broke off: " + e.getMessage());
        }
    }

    private String line() throws IOException, WatchEnded {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            if (at == end) {
                at = 0;
                end = stream.read(buffer);
                if (end <= 0) {
                    end = 0;
                    if (line.size() > 0) {
                        // The last message, which says why, has no line end.
                        return line.toString(StandardCharsets.UTF_8);
                    }
                    throw WatchEnded.because("etcd has closed it");
                }
            }
            byte next = buffer[at++];
            if (next == '\n') {
                return line.toString(StandardCharsets.UTF_8);
            }
            line.write(next);
            if (line.size() > MOST_BYTES) {
                throw WatchEnded.because("a message has more than " + MOST_BYTES + " bytes");
            }
        }
    }

    @Override
    public void close() {
        try {
            stream.close();
        } catch (IOException e) {
            // It ends the same way.
        }
    }
}
