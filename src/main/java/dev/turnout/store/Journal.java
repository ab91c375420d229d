package dev.turnout.store;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * What was done to the services, one JSON object a line, oldest first: the file {@value #FILE} in the state folder.
 *
 * <p>It is bounded: when it has grown to twice of what is kept, the older half goes. A line that can't be read, as a
 * crash in the middle of writing leaves it, is skipped and logged. Methods may be called on any thread that may block;
 * calls follow one another. The caller holds the folder's lock, as an open {@link StateStore}.
 */
public final class Journal {

    /** How many entries are always kept, if they fit into {@link #KEPT_BYTES}. */
    static final int KEPT_ENTRIES = 1_000;

    /** How much of the newest entries is always kept. */
    static final long KEPT_BYTES = 8L << 20;

    private static final String FILE = "journal.jsonl";
    private static final Logger LOG = Logger.getLogger(Journal.class);

    private final Path path;
    private int entries;

    private Journal(Path path, int entries) {
        this.path = path;
        this.entries = entries;
    }

    /**
     * Opens the journal of a state folder, and makes an empty one if there is none.
     *
     * @throws StoreFailed if it can't be read or written
     */
    public static Journal open(Path directory) {
        Path path = directory.toAbsolutePath().normalize().resolve(FILE);
        try {
            new AtomicFile(path).removeLeftovers();
            if (Files.notExists(path)) {
                Files.createFile(path);
            }
            cutTornEnd(path);
            return new Journal(path, lines(path).size());
        } catch (IOException e) {
            throw new StoreFailed("The journal " + path + " can't be used: " + Reason.of(e), e);
        }
    }

    /** The next entry must not be glued to half of one. */
    private static void cutTornEnd(Path path) throws IOException {
        byte[] content = Files.readAllBytes(path);
        int end = content.length;
        while (end > 0 && content[end - 1] != '\n') {
            end--;
        }
        if (end < content.length) {
            LOG.warnf("The last line of %s was torn off when it was written, and is dropped", path);
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.truncate(end);
                channel.force(true);
            }
        }
    }

    /**
     * Adds an entry; when this returns it lasts.
     *
     * @param entry its member {@code service} is what {@link #recent} looks for
     * @throws StoreFailed if that was not possible; the journal is as it was then
     */
    public synchronized void append(JsonObject entry) {
        byte[] line = (entry.encode() + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            write(line);
            entries++;
            if (entries >= 2 * KEPT_ENTRIES || Files.size(path) >= 2 * KEPT_BYTES) {
                rotate();
            }
        } catch (IOException e) {
            throw new StoreFailed("The journal " + path + " could not be written: " + Reason.of(e), e);
        }
    }

    private void write(byte[] line) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            long before = channel.size();
            try {
                channel.position(before);
                ByteBuffer rest = ByteBuffer.wrap(line);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                channel.force(true);
            } catch (IOException e) {
                undo(channel, before, e);
                throw e;
            }
        }
    }

    private static void undo(FileChannel channel, long before, IOException cause) {
        try {
            channel.truncate(before);
        } catch (IOException alsoFailed) {
            cause.addSuppressed(alsoFailed);
        }
    }

    /** A full disk must not turn an entry that is already written into a failure. */
    private void rotate() {
        try {
            Deque<byte[]> kept = new ArrayDeque<>();
            long bytes = 0;
            List<String> lines = lines(path);
            for (int i = lines.size() - 1; i >= 0 && kept.size() < KEPT_ENTRIES; i--) {
                byte[] line = (lines.get(i) + "\n").getBytes(StandardCharsets.UTF_8);
                bytes += line.length;
                if (bytes > KEPT_BYTES) {
                    break;
                }
                kept.addFirst(line);
            }
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            kept.forEach(content::writeBytes);
            new AtomicFile(path).replace(content.toByteArray());
            entries = kept.size();
        } catch (IOException e) {
            LOG.warnf("The journal %s could not be shortened: %s", path, Reason.of(e));
        }
    }

    /**
     * The newest entries of a service, newest first.
     *
     * @throws StoreFailed if the journal can't be read
     */
    public synchronized List<JsonObject> recent(String service, int most) {
        List<String> lines;
        try {
            lines = lines(path);
        } catch (IOException e) {
            throw new StoreFailed("The journal " + path + " can't be read: " + Reason.of(e), e);
        }
        List<JsonObject> found = new ArrayList<>();
        int unreadable = 0;
        for (int i = lines.size() - 1; i >= 0 && found.size() < most; i--) {
            try {
                JsonObject entry = JsonText.object(lines.get(i));
                if (service.equals(entry.getValue("service"))) {
                    found.add(entry);
                }
            } catch (IllegalArgumentException e) {
                unreadable++;
            }
        }
        if (unreadable > 0) {
            LOG.warnf("%d lines of %s can't be read, and are skipped", unreadable, path);
        }
        return found;
    }

    /** Bytes that are no UTF-8 spoil their own line only. */
    private static List<String> lines(Path path) throws IOException {
        String content = new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
        return content.isEmpty() ? List.of() : List.of(content.split("\n"));
    }
}
