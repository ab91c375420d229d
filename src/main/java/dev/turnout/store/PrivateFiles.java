package dev.turnout.store;

import dev.turnout.config.ProcessTable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * Files and folders that only this process's user may open: modes 0600 and 0700, under any umask.
 *
 * <p>What an earlier Turnout or a copy has left with a wider mode is narrowed. Somebody else's file stays as it is.
 */
public final class PrivateFiles {

    private static final Logger LOG = Logger.getLogger(PrivateFiles.class);
    private static final Set<PosixFilePermission> FILE =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    private static final Set<PosixFilePermission> FOLDER = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private PrivateFiles() {}

    /** Makes a folder, and those above it, if it is missing. */
    public static void makeFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(FOLDER));
        }
    }

    /**
     * Opens a file, which is made if the options say so.
     *
     * @param options as {@link FileChannel#open} takes them
     */
    static FileChannel open(Path file, OpenOption... options) throws IOException {
        return FileChannel.open(file, Set.of(options), PosixFilePermissions.asFileAttribute(FILE));
    }

    /** Makes sure that only the owner may open a file that is this user's. */
    public static void narrow(Path file) {
        narrow(file, FILE);
    }

    /**
     * Makes sure that only the owner may open a folder that is this user's and holds nothing but what is known. The mode
     * of a folder that others use too does not change.
     *
     * @param known returns true for the names of Turnout's own files
     */
    static void narrowFolder(Path folder, Predicate<String> known) throws IOException {
        if (holdsOnly(folder, known)) {
            narrow(folder, FOLDER);
        } else if (isWritableByOthers(folder)) {
            LOG.warnf(
                    "Other users may write to the state folder %s, and so may change what Turnout does."
                            + " Give Turnout a turnout.state.directory of its own.",
                    folder);
        }
    }

    private static boolean holdsOnly(Path folder, Predicate<String> known) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (!known.test(file.getFileName().toString())) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Returns true if the group or everybody may write to a file or a folder. */
    public static boolean isWritableByOthers(Path path) throws IOException {
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(path);
        return mode.contains(PosixFilePermission.OTHERS_WRITE) || mode.contains(PosixFilePermission.GROUP_WRITE);
    }

    private static void narrow(Path path, Set<PosixFilePermission> most) {
        try {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
            // To change the mode of a link changes the mode of the file that the link names.
            if (!most.containsAll(mode) && isOwn(path) && !Files.isSymbolicLink(path)) {
                Files.setPosixFilePermissions(path, most);
            }
        } catch (IOException e) {
            LOG.debugf("The mode of %s stays as it is: %s", path, e);
        }
    }

    private static boolean isOwn(Path path) throws IOException {
        return user(path) == new ProcessTable().ownUser();
    }

    /** Returns the id of the user that a file belongs to. */
    public static int user(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }

    /** Returns the key that tells a file from a later file at the same path: device and inode. */
    static Object key(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }
}
