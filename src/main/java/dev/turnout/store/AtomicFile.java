package dev.turnout.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A file whose content is replaced as a whole: after a crash at any point the file has the old content or the new one.
 *
 * <p>The new content is written beside the file and forced to the disk before it is renamed over the old one. The folder
 * is forced after that, since a rename lasts only then. All methods block.
 */
public final class AtomicFile {

    /** Gives a file that has just been written its owner and its mode. The file is private to this user before. */
    @FunctionalInterface
    public interface Ownership {

        /** Leaves the file private to this user. */
        Ownership PRIVATE = written -> {};

        void giveTo(Path written) throws IOException;
    }

    /** Forces a folder's entries to the disk. */
    @FunctionalInterface
    interface FolderSync {
        void force(FileChannel folder) throws IOException;
    }

    private final Path file;
    private final Path temp;
    private final Ownership ownership;
    private final FolderSync sync;

    /**
     * @param temp where new content is written first: a name in the folder of the file
     * @param ownership of the new file
     */
    public AtomicFile(Path file, Path temp, Ownership ownership) {
        this(file, temp, ownership, folder -> folder.force(true));
    }

    AtomicFile(Path file, Path temp, Ownership ownership, FolderSync sync) {
        this.file = file;
        this.temp = temp;
        this.ownership = ownership;
        this.sync = sync;
    }

    /** Removes what a crash in the middle of a {@link #replace} left behind. */
    void removeLeftovers() throws IOException {
        Files.deleteIfExists(temp);
    }

    /**
     * Replaces the content.
     *
     * @throws IOException if the file has its old content, and nothing is left beside the file, as far as the disk allows
     *     that
     */
    public void replace(byte[] content) throws IOException {
        Optional<byte[]> old = Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
        // Opened first: a folder that can't be opened must be found out before the rename.
        try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            moveIn(content);
            forceOrUndo(folder, old);
        } catch (IOException | RuntimeException e) {
            try {
                Files.deleteIfExists(temp);
            } catch (IOException alsoFailed) {
                e.addSuppressed(alsoFailed);
            }
            throw e;
        }
    }

    private void forceOrUndo(FileChannel folder, Optional<byte[]> old) throws IOException {
        try {
            sync.force(folder);
        } catch (IOException e) {
            try {
                Uninterrupted.run(() -> moveBack(old));
            } catch (IOException alsoFailed) {
                e.addSuppressed(alsoFailed);
            }
            throw e;
        }
    }

    private void moveBack(Optional<byte[]> old) throws IOException {
        if (old.isPresent()) {
            moveIn(old.get());
        } else {
            Files.delete(file);
        }
    }

    private void moveIn(byte[] content) throws IOException {
        write(temp, content, ownership);
        Files.move(temp, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Writes a file, and forces the content to the disk. Makes the file if it is missing. */
    public static void write(Path file, byte[] content, Ownership ownership) throws IOException {
        try (FileChannel channel = PrivateFiles.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            PrivateFiles.narrow(file);
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            ownership.giveTo(file);
            channel.force(true);
        }
    }

    /** Forces the entries of a file's folder to the disk: a rename lasts from then on. */
    public static void forceFolder(Path file) throws IOException {
        try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }
}
