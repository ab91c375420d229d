package dev.turnout.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;

/** The reason, in words, why something on the disk failed. Java's own messages are often only a file name. */
public final class Reason {

    private Reason() {}

    /** Returns true if the disk, or the user's part of it, is full. */
    static boolean isFullDisk(IOException e) {
        String reason = of(e);
        return reason.contains("No space left") || reason.contains("quota exceeded");
    }

    /** Returns the reason. */
    public static String of(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied for " + e.getMessage();
        }
        if (e instanceof NoSuchFileException missing && missing.getFile() != null) {
            return missing(Path.of(missing.getFile()));
        }
        if (e instanceof FileAlreadyExistsException) {
            return e.getMessage() + " is a file, not a folder";
        }
        if (e instanceof FileSystemException failed && failed.getReason() != null) {
            return failed.getReason();
        }
        return Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
    }

    /** Names the first folder above a file that is not there, or else the file. */
    private static String missing(Path file) {
        Path folder = file.toAbsolutePath().normalize().getParent();
        while (folder != null && folder.getParent() != null && Files.notExists(folder.getParent())) {
            folder = folder.getParent();
        }
        return folder != null && Files.notExists(folder) ? "there is no folder " + folder : "there is no " + file;
    }
}
