package dev.turnout.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The right of one process to use the state folder: a lock on the file {@value #FILE}. The system frees the lock when the
 * process ends in any way. The file's content is the owner's process id.
 *
 * <p>Only this user may open the file, so no other user can take the lock. A file that was left open to others may be
 * locked by another user. Then another file takes its place. The new file has the name {@value #NEXT} until it is locked,
 * so that of two processes that do so at once only one goes on.
 */
public final class FolderLock implements AutoCloseable {

    static final String FILE = "lock";
    static final String NEXT = "lock.new";

    private static final Logger LOG = Logger.getLogger(FolderLock.class);
    private static final int MOST_DIGITS = 20;

    /** How often the file may be replaced by others while this process takes the lock. */
    private static final int MOST_TRIES = 10;

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes the lock or throws {@link StoreFailed} at once. */
    public static FolderLock take(Path folder) {
        return take(folder, new LockHolders(Path.of("/proc")));
    }

    static FolderLock take(Path folder, LockHolders holders) {
        try {
            for (int i = 0; i < MOST_TRIES; i++) {
                Optional<FolderLock> lock = tryOnce(folder, holders);
                if (lock.isPresent()) {
                    return lock.get();
                }
            }
            throw inUse(folder, "");
        } catch (IOException e) {
            throw new StoreFailed("The state folder " + folder + " can't be used: " + Reason.of(e), e);
        }
    }

    /** Returns the lock; empty if the file was replaced meanwhile. */
    private static Optional<FolderLock> tryOnce(Path folder, LockHolders holders) throws IOException {
        Path path = folder.resolve(FILE);
        Attempt attempt = Attempt.at(path);
        if (attempt.isTaken()) {
            attempt.writeOwner();
            return Optional.of(new FolderLock(attempt.channel));
        }
        String owner = attempt.owner();
        attempt.close();
        if (attempt.isBusy && !holders.areStrangers(path, owner)) {
            throw inUse(folder, owner);
        }
        return attempt.isBusy ? replace(folder, holders) : Optional.empty();
    }

    private static Optional<FolderLock> replace(Path folder, LockHolders holders) throws IOException {
        Path path = folder.resolve(FILE);
        Attempt next = Attempt.at(folder.resolve(NEXT));
        boolean isOurs = false;
        try {
            if (next.isBusy) {
                throw inUse(folder, "");
            }
            // Checked again: another Turnout may have replaced the file before this process had the next file.
            if (!next.isTaken() || !holders.areStrangers(path, content(path))) {
                return Optional.empty();
            }
            next.writeOwner();
            Files.move(folder.resolve(NEXT), path, StandardCopyOption.ATOMIC_MOVE);
            isOurs = true;
            LOG.warnf(
                    "A process that is no Turnout held the lock of the state folder %s. Another lock file has taken the"
                            + " place of that one.",
                    folder);
            return Optional.of(new FolderLock(next.channel));
        } finally {
            if (!isOurs) {
                next.close();
            }
        }
    }

    private static StoreFailed inUse(Path folder, String owner) {
        return new StoreFailed("The state folder " + folder + " is in use by another Turnout"
                + (owner.isEmpty() ? "" : ", process " + owner)
                + ". Stop that one first, or give this one a turnout.state.directory of its own.");
    }

    private static String content(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return read(channel);
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(MOST_DIGITS);
        channel.read(content, 0);
        return new String(content.array(), 0, content.position(), StandardCharsets.US_ASCII).strip();
    }

    /** One try to lock the file at a path. */
    private static final class Attempt {

        private final FileChannel channel;
        private final boolean isBusy;
        private final boolean isStillThere;

        private Attempt(FileChannel channel, boolean isBusy, boolean isStillThere) {
            this.channel = channel;
            this.isBusy = isBusy;
            this.isStillThere = isStillThere;
        }

        static Attempt at(Path path) throws IOException {
            if (Files.notExists(path)) {
                PrivateFiles.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                        .close();
            }
            PrivateFiles.narrow(path);
            // Read before the file is opened. If the key is equal afterwards, this file was opened and locked.
            Object before = keyOf(path);
            FileChannel channel = PrivateFiles.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                return new Attempt(channel, !isFree(channel), before.equals(keyOf(path)));
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        }

        private static Object keyOf(Path path) throws IOException {
            try {
                return PrivateFiles.key(path);
            } catch (NoSuchFileException e) {
                return new Object();
            }
        }

        private static boolean isFree(FileChannel channel) throws IOException {
            try {
                return channel.tryLock() != null;
            } catch (OverlappingFileLockException e) {
                return false;
            }
        }

        boolean isTaken() {
            return !isBusy && isStillThere;
        }

        String owner() throws IOException {
            return read(channel);
        }

        /** Writes the id of this process. The file stays empty on a full disk. */
        void writeOwner() throws IOException {
            byte[] owner = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
            try {
                channel.write(ByteBuffer.wrap(owner), 0);
                channel.truncate(owner.length);
            } catch (IOException e) {
                LOG.debugf("The owner of the state folder could not be noted: %s", e);
                channel.truncate(0);
            }
        }

        void close() throws IOException {
            channel.close();
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new StoreFailed("A lock could not be freed: " + Reason.of(e), e);
        }
    }
}
