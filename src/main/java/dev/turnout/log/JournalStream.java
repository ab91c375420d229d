package dev.turnout.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The question whether what a process prints goes to systemd's journal: systemd.exec(5), {@code $JOURNAL_STREAM}. */
final class JournalStream {

    private static final String VARIABLE = "JOURNAL_STREAM";

    private JournalStream() {}

    /**
     * Returns true if an open file is the stream that the environment names.
     *
     * @param file such as {@code /proc/self/fd/1}
     */
    static boolean is(Path file, Map<String, String> environment) {
        String stream = environment.get(VARIABLE);
        if (stream == null) {
            return false;
        }
        try {
            Map<String, Object> found = Files.readAttributes(file, "unix:dev,ino");
            return stream.equals(found.get("dev") + ":" + found.get("ino"));
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
