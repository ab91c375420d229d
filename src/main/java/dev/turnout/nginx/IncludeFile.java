package dev.turnout.nginx;

import dev.turnout.store.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * The include file on disk. A reader finds all the old bytes or all the new bytes, at any moment and after any crash.
 * Mode and owner stay. A symbolic link stays one, and its target is replaced. All methods block.
 */
final class IncludeFile {

    /** The mode of a file that did not exist: nginx may read the file, and Turnout may write it. */
    private static final Set<PosixFilePermission> FIRST_MODE = PosixFilePermissions.fromString("rw-r--r--");

    private final Path path;

    IncludeFile(Path path) {
        this.path = path.toAbsolutePath();
    }

    Path path() {
        return path;
    }

    /** Returns the content; empty if there is no such file. */
    Optional<byte[]> read() throws IOException {
        return Files.exists(path) ? Optional.of(Files.readAllBytes(path)) : Optional.empty();
    }

    /** Returns when the content was last written. */
    Instant writtenAt() throws IOException {
        return Files.getLastModifiedTime(path).toInstant();
    }

    /** Returns when the content, or the file in this place, was last changed. A rename and a new mode are changes too. */
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
                AtomicFile.write(outgoing(file), old.get(), written -> keepOwnership(file, written));
            }
            new AtomicFile(file, incoming(file), written -> keepOwnership(file, written)).replace(next);
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
            AtomicFile.forceFolder(file);
        }

        /** Gives the old bytes up. */
        void keep() throws IOException {
            Files.deleteIfExists(outgoing(file));
        }
    }

    private static void keepOwnership(Path like, Path written) throws IOException {
        if (Files.exists(like)) {
            keep("unix:uid", "owner", like, written);
            keep("unix:gid", "group", like, written);
            Files.setPosixFilePermissions(written, Files.getPosixFilePermissions(like));
        } else {
            Files.setPosixFilePermissions(written, FIRST_MODE);
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

    /** Returns a hidden name: nginx's {@code include conf.d/*} does not match it. */
    private static Path incoming(Path file) {
        return file.resolveSibling("." + file.getFileName() + ".turnout-new");
    }

    private static Path outgoing(Path file) {
        return file.resolveSibling("." + file.getFileName() + ".turnout-old");
    }
}
