package dev.turnout.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file whose content is replaced as a whole: after a crash at any point it is the old one or the new one.
 *
 * <p>The new content is written beside the file and forced to the disk before it is renamed over the old one; the
 * folder is forced after that, since a rename lasts only then.
 */
final class AtomicFile {

    /** Forces a folder's entries to the disk. */
    @FunctionalInterface
    interface FolderSync {
        void force(FileChannel folder) throws IOException;
    }

    private final Path file;
    private final Path temp;
    private final FolderSync sync;

    AtomicFile(Path file) {
        this(file, folder -> folder.force(true));
    }

    AtomicFile(Path file, FolderSync sync) {
        this.file = file;
        this.temp = file.resolveSibling(file.getFileName() + ".new");
        this.sync = sync;
    }

    /** Removes what a crash in the middle of a {@link #replace} left behind. */
    void removeLeftovers() throws IOException {
        Files.deleteIfExists(temp);
    }

    /**
     * Replaces the content. If this throws, the file has its old content and nothing is left beside it, as far as the
     * disk allows that.
     */
    void replace(byte[] content) throws IOException {
        byte[] old = Files.exists(file) ? Files.readAllBytes(file) : null;
        // Opened first: a folder that can't be opened must be found out before the rename.
        try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            writeTemp(content);
            Files.move(temp, file, StandardCopyOption.ATOMIC_MOVE);
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

    private void forceOrUndo(FileChannel folder, byte[] old) throws IOException {
        try {
            sync.force(folder);
        } catch (IOException e) {
            try {
                if (old == null) {
                    Files.delete(file);
                } else {
                    writeTemp(old);
                    Files.move(temp, file, StandardCopyOption.ATOMIC_MOVE);
                }
            } catch (IOException alsoFailed) {
                e.addSuppressed(alsoFailed);
            }
            throw e;
        }
    }

    private void writeTemp(byte[] content) throws IOException {
        try (FileChannel channel = PrivateFiles.open(
                temp, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            PrivateFiles.narrow(temp);
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        }
    }
}
