package dev.turnout.store;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The record of what was done to the services: the file {@value #FILE} in the state folder. Each line is a JSON object,
 * the oldest first.
 *
 * <p>The file is bounded: an entry is shorter than 64 KiB, see {@link JournalLine}. When the file has grown to twice of
 * what is kept, the older half goes: see {@link NewestEntries}. The file is read from its end, a block at a time, so that
 * its size costs no memory. A line that can't be read is skipped and logged: a crash in the middle of writing leaves such
 * a line. A removed file is made again.
 *
 * <p>Any thread that may block; calls follow one another. The caller holds the folder's lock, as
 * an open {@link StateStore}.
 */
public final class Journal {

    /** How many entries are always kept, if they fit into {@link #KEPT_BYTES}. */
    static final int KEPT_ENTRIES = 1_000;

    /** How much of the newest entries is always kept. Bytes. */
    static final long KEPT_BYTES = 8L << 20;

    /** How much {@link #recent} returns. Laid out for people, the text is about twice as long. Bytes. */
    static final int RECENT_BYTES = 512 << 10;

    static final String FILE = "journal.jsonl";
    static final String NEXT = FILE + ".new";

    private static final Logger LOG = Logger.getLogger(Journal.class);

    private final Path path;
    private int entries;

    /** The file's size as this process left it. Another size shows that somebody else has changed the file. */
    private long size;

    /** @param directory the state folder; nothing is read or made before {@link #open} */
    public Journal(Path directory) {
        this.path = directory.toAbsolutePath().normalize().resolve(FILE);
    }

    /**
     * The newest entries of a service.
     *
     * @param entries the newest one first
     * @param hasMore whether there are older ones that were left out for their size
     */
    public record Recent(List<JsonObject> entries, boolean hasMore) {
        public Recent {
            entries = List.copyOf(entries);
        }
    }

    /**
     * Opens the journal, and makes an empty one if there is none and the disk has room.
     *
     * @return this journal
     * @throws StoreFailed if it can't be read or written
     */
    public synchronized Journal open() {
        try {
            Files.deleteIfExists(path.resolveSibling(NEXT));
            if (Files.notExists(path)) {
                create(path);
            }
            PrivateFiles.narrow(path);
            cutTornEnd();
            look();
            return this;
        } catch (IOException e) {
            throw new StoreFailed("The journal " + path + " can't be used: " + Reason.of(e), e);
        }
    }

    private static void create(Path path) throws IOException {
        try {
            PrivateFiles.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .close();
        } catch (IOException e) {
            if (!Reason.isFullDisk(e)) {
                throw e;
            }
            LOG.warnf("The journal %s could not be made: %s", path, Reason.of(e));
        }
    }

    /** Removes half an entry at the end: the next entry must not be appended to it. */
    private void cutTornEnd() throws IOException {
        if (Files.notExists(path)) {
            return;
        }
        try (LinesBackward lines = LinesBackward.of(path);
                FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            Optional<LinesBackward.Line> last = lines.next();
            if (last.isPresent() && last.get().start() + last.get().length() == channel.size()) {
                LOG.warnf("The last line of %s was torn off when it was written, and is dropped", path);
                channel.truncate(last.get().start());
                channel.force(true);
            }
        }
    }

    /** Counts the entries, and shortens the file if it is too long. */
    private void look() throws IOException {
        entries = 0;
        boolean isTooLong = false;
        if (Files.exists(path)) {
            try (LinesBackward lines = LinesBackward.of(path)) {
                for (Optional<LinesBackward.Line> line = lines.next(); line.isPresent(); line = lines.next()) {
                    entries++;
                    isTooLong |= JournalLine.isTooLong(line.get());
                }
            }
            size = Files.size(path);
        }
        if (isTooLong || isFull()) {
            rotate();
        }
    }

    private boolean isFull() {
        return entries >= 2 * KEPT_ENTRIES || size >= 2 * KEPT_BYTES;
    }

    /**
     * Adds an entry. The entry is on the disk when this returns.
     *
     * @param entry its member {@code service} is what {@link #recent} looks for. A long entry is shortened.
     * @throws StoreFailed if that was not possible; the journal has not changed then
     */
    public synchronized void append(JsonObject entry) {
        byte[] line = JournalLine.of(entry);
        try {
            noticeOthers();
            write(line);
            entries++;
            size += line.length;
            if (isFull()) {
                rotate();
            }
        } catch (IOException e) {
            throw new StoreFailed("The journal " + path + " could not be written: " + Reason.of(e), e);
        }
    }

    private void noticeOthers() throws IOException {
        if (Files.notExists(path)) {
            if (size > 0) {
                LOG.warnf("The journal %s was removed while Turnout ran: it begins anew", path);
            }
            entries = 0;
            size = 0;
        } else if (Files.size(path) != size) {
            cutTornEnd();
            look();
        }
    }

    private void write(byte[] line) throws IOException {
        try (FileChannel channel = PrivateFiles.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
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

    /** Shortens the file. Does not fail: the entry is already written, even if the disk is full now. */
    private void rotate() {
        Path next = path.resolveSibling(NEXT);
        try {
            Files.deleteIfExists(next);
            int kept = NewestEntries.copy(path, next, KEPT_ENTRIES, KEPT_BYTES);
            Files.move(next, path, StandardCopyOption.ATOMIC_MOVE);
            entries = kept;
            size = Files.size(path);
        } catch (IOException e) {
            LOG.warnf("The journal %s could not be shortened: %s", path, Reason.of(e));
            try {
                Files.deleteIfExists(next);
            } catch (IOException alsoFailed) {
                LOG.debugf("%s was left behind: %s", next, alsoFailed);
            }
        }
    }

    /**
     * Returns the newest entries of a service, as far as they fit into {@link #RECENT_BYTES}, but at least one.
     *
     * @throws StoreFailed if the journal can't be read
     */
    public synchronized Recent recent(String service, int most) {
        List<JsonObject> found = new ArrayList<>();
        boolean hasMore = false;
        int unreadable = 0;
        long bytes = 0;
        try (LinesBackward lines = LinesBackward.of(path)) {
            for (Optional<LinesBackward.Line> line = lines.next();
                    line.isPresent() && found.size() < most && !hasMore;
                    line = lines.next()) {
                try {
                    JsonObject entry = JournalLine.read(lines, line.get());
                    if (service.equals(entry.getValue("service"))) {
                        bytes += Math.min(line.get().length(), JournalLine.MOST_BYTES);
                        hasMore = bytes > RECENT_BYTES && !found.isEmpty();
                        if (!hasMore) {
                            found.add(entry);
                        }
                    }
                } catch (IllegalArgumentException e) {
                    unreadable++;
                }
            }
        } catch (NoSuchFileException e) {
            return new Recent(List.of(), false);
        } catch (IOException e) {
            throw new StoreFailed("The journal " + path + " can't be read: " + Reason.of(e), e);
        }
        if (unreadable > 0) {
            LOG.warnf("%d lines of %s can't be read, and are skipped", unreadable, path);
        }
        return new Recent(found, hasMore);
    }
}
