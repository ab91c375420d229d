package dev.turnout.proxy;

import dev.turnout.config.StateConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;

/** The secret that sticky cookies are signed with: a file in the state folder, so that cookies outlive a restart. */
final class StickySecret {

    private static final int BYTES = 32;

    private StickySecret() {}

    /**
     * Returns the secret. The first call makes the file. Blocks.
     *
     * @param folder the state folder
     * @throws IllegalStateException if the file can be neither read nor made
     */
    static byte[] read(Path folder) {
        Path file = folder.resolve(StateConfig.STICKY_SECRET);
        try {
            if (!isWhole(file)) {
                make(folder, file);
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "The secret of sticky cookies can't be kept in " + file + ": " + e
                            + ". Make turnout.state.directory writable for Turnout, or set turnout.sticky=off.",
                    e);
        }
    }

    private static boolean isWhole(Path file) throws IOException {
        return Files.exists(file) && Files.size(file) == BYTES;
    }

    /** A file that another process makes at the same time is a whole one: the rename is atomic. */
    private static void make(Path folder, Path file) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        byte[] secret = new byte[BYTES];
        new SecureRandom().nextBytes(secret);
        Path next = folder.resolve(
                StateConfig.STICKY_SECRET + "." + ProcessHandle.current().pid());
        // A process with this number may have died here.
        Files.deleteIfExists(next);
        try {
            write(next, secret);
            moveIn(next, file);
        } finally {
            Files.deleteIfExists(next);
        }
    }

    private static void write(Path next, byte[] secret) throws IOException {
        try (FileChannel channel = FileChannel.open(
                next,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer content = ByteBuffer.wrap(secret);
            while (content.hasRemaining()) {
                channel.write(content);
            }
            channel.force(true);
        }
    }

    private static void moveIn(Path next, Path file) throws IOException {
        try {
            if (Files.exists(file)) {
                Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            } else {
                Files.createLink(file, next);
            }
        } catch (FileAlreadyExistsException e) {
            // Another process was first: its secret holds for both.
        } catch (UnsupportedOperationException e) {
            // A file system without links.
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
