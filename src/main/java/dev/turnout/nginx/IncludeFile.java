package dev.turnout.nginx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * The include file on disk. Whoever reads it, at any moment and after any crash, finds all the old bytes or all the new
 * ones; mode and owner stay; a symbolic link stays one, its target is replaced. All methods block.
 */
final class IncludeFile {

    /** What nginx may read and Turnout may write, where there was no file whose mode could be kept. */
    private static final Set<PosixFilePermission> FIRST_MODE = PosixFilePermissions.fromString("rw-r--r--");

    private static final Set<PosixFilePermission> WHILE_WRITING = PosixFilePermissions.fromString("rw-------");

    private final Path path;

    IncludeFile(Path path) {
        this.path = path.toAbsolutePath();
    }

    Path path() {
        return path;
    }

    /** The content; empty if there is no such file. */
    Optional<byte[]> read() throws IOException {
        return Files.exists(path) ? Optional.of(Files.readAllBytes(path)) : Optional.empty();
    }

    /** When the content was last written. */
    Instant writtenAt() throws IOException {
        return Files.getLastModifiedTime(path).toInstant();
    }

    /** When the content, or the file in this place, was last changed: a rename counts, and so does a new mode. */
    Instant changedAt() throws IOException {
        return ((FileTime) Files.getAttribute(path, "unix:ctime")).toInstant();
    }

    /** Removes what a crash in the middle of {@link #replace} has left behind. */
    void sweep() throws IOException {
        Path file = target();
        Files.deleteIfExists(incoming(file));
        Files.deleteIfExists(outgoing(file));
    }

    /**
     * Puts new bytes in the place of the old. What going back takes is on the disk before anything is changed, so that a
     * disk that has filled up in the meantime does not stand in its way.
     *
     * @throws IOException if the file is untouched, and nothing is left beside it
     */
    Replacement replace(byte[] next) throws IOException {
        Path file = target();
        try {
            sweep();
            Optional<byte[]> old = read();
            if (old.isPresent()) {
                write(outgoing(file), old.get(), file);
            }
            write(incoming(file), next, file);
            Files.move(incoming(file), file, StandardCopyOption.ATOMIC_MOVE);
            syncDirectory(file);
            return new Replacement(file, old.isPresent());
        } catch (IOException e) {
            sweepAfter(e);
            throw e;
        }
    }

    /** A replacement that can still be undone. Exactly one of its methods is to be called, once. */
    final class Replacement {

        private final Path file;
        private final boolean thereWasOne;

        private Replacement(Path file, boolean thereWasOne) {
            this.file = file;
            this.thereWasOne = thereWasOne;
        }

        /** Puts the old bytes back. */
        void undo() throws IOException {
            if (thereWasOne) {
                Files.move(outgoing(file), file, StandardCopyOption.ATOMIC_MOVE);
            } else {
                Files.delete(file);
            }
            syncDirectory(file);
        }

        /** Gives the old bytes up. */
        void keep() throws IOException {
            Files.deleteIfExists(outgoing(file));
        }
    }

    private static void write(Path file, byte[] content, Path like) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(WHILE_WRITING));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            if (Files.exists(like)) {
                keep("unix:uid", "owner", like, file);
                keep("unix:gid", "group", like, file);
                Files.setPosixFilePermissions(file, Files.getPosixFilePermissions(like));
            } else {
                Files.setPosixFilePermissions(file, FIRST_MODE);
            }
            channel.force(true);
        }
    }

    private static void keep(String attribute, String called, Path from, Path to) throws IOException {
        Object wanted = Files.getAttribute(from, attribute);
        if (wanted.equals(Files.getAttribute(to, attribute))) {
            return;
        }
        try {
            Files.setAttribute(to, attribute, wanted);
        } catch (IOException e) {
            throw new IOException(
                    "its " + called + " (" + wanted + ") could not be kept, which takes root or being that " + called
                            + ": give the file to the user that Turnout runs as",
                    e);
        }
    }

    private static void syncDirectory(Path file) throws IOException {
        try (FileChannel directory = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private void sweepAfter(IOException failure) {
        try {
            sweep();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private Path target() throws IOException {
        return Files.exists(path) ? path.toRealPath() : path;
    }

    /** Hidden names: nginx's {@code include conf.d/*} does not match them. */
    private static Path incoming(Path file) {
        return file.resolveSibling("." + file.getFileName() + ".turnout-new");
    }

    private static Path outgoing(Path file) {
        return file.resolveSibling("." + file.getFileName() + ".turnout-old");
    }
}
