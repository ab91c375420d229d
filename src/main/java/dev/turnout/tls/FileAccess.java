package dev.turnout.tls;

import dev.turnout.text.TlsFinding;
import dev.turnout.text.TlsText;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;

/** Explanations of why a file can't be read, or who else can read it. */
public final class FileAccess {

    private static final int MOST_LINKS = 40;

    private FileAccess() {}

    /** Returns a clause that says why a file can't be read, with the part of the path that stops this user. */
    public static TlsText explain(Path file, IOException failure) {
        if (failure instanceof FileRefused refused) {
            return refused.reason();
        }
        if (failure instanceof NoSuchFileException) {
            return missing(file);
        }
        if (failure instanceof AccessDeniedException) {
            String user = System.getProperty("user.name", "");
            return obstacle(file, MOST_LINKS)
                    .filter(path -> !path.equals(file))
                    .map(path -> TlsText.of(TlsFinding.MAY_NOT_PASS, "user", user, "path", path))
                    .orElseGet(() -> TlsText.of(TlsFinding.MAY_NOT_READ, "user", user));
        }
        return TlsText.of(
                TlsFinding.CAN_NOT_BE_READ,
                "reason",
                failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage());
    }

    private static TlsText missing(Path file) {
        if (Files.isSymbolicLink(file)) {
            return TlsText.of(TlsFinding.DEAD_LINK);
        }
        Path folder = file.toAbsolutePath().normalize().getParent();
        while (folder != null && folder.getParent() != null && Files.notExists(folder.getParent())) {
            folder = folder.getParent();
        }
        return folder != null && Files.notExists(folder)
                ? TlsText.of(TlsFinding.NO_SUCH_FOLDER, "folder", folder)
                : TlsText.of(TlsFinding.NO_SUCH_FILE);
    }

    /** Returns the first part of the path that this user may not enter or read, behind all links. */
    private static Optional<Path> obstacle(Path file, int links) {
        Path absolute = file.toAbsolutePath();
        Path walked = absolute.getRoot();
        for (Path part : absolute) {
            Path next = walked.resolve(part);
            if (!Files.isExecutable(walked)) {
                return Optional.of(walked);
            }
            if (Files.isSymbolicLink(next) && links > 0) {
                Path rest = next.relativize(absolute);
                return obstacle(behind(next).resolve(rest).normalize(), links - 1);
            }
            walked = next;
        }
        return Files.isReadable(walked) ? Optional.empty() : Optional.of(walked);
    }

    private static Path behind(Path link) {
        try {
            return link.resolveSibling(Files.readSymbolicLink(link));
        } catch (IOException e) {
            return link;
        }
    }

    /** Returns the advice for a key that every user of the machine may read; empty for any other key. */
    static Optional<TlsText> openToAll(Path key) {
        try {
            if (!Files.getPosixFilePermissions(key).contains(PosixFilePermission.OTHERS_READ)) {
                return Optional.empty();
            }
            return Optional.of(TlsText.of(TlsFinding.KEY_OPEN_TO_ALL, "key", key, "real", key.toRealPath()));
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }
}
