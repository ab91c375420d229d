package dev.turnout.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The processes that hold a lock on a file, as {@code /proc/locks} shows them: see proc_locks(5).
 *
 * <p>A Turnout holds a POSIX write lock and runs as this user or as root. Processes of another process namespace are not
 * seen. A process that is not seen is never called a stranger.
 */
final class LockHolders {

    private static final String ROOT = "0";

    private final Path proc;

    LockHolders(Path proc) {
        this.proc = proc;
    }

    /**
     * A process that holds a lock.
     *
     * @param isTurnouts whether a Turnout of this folder may have such a lock
     */
    record Holder(String pid, boolean isTurnouts) {}

    /**
     * Returns true if processes are seen that hold a lock on a file, and none of them can be a Turnout.
     *
     * @param file the lock file
     * @param written the process id that the last Turnout wrote into the file; empty if there is none
     */
    boolean areStrangers(Path file, String written) {
        List<Holder> holders = of(file, written);
        return !holders.isEmpty() && holders.stream().noneMatch(Holder::isTurnouts);
    }

    List<Holder> of(Path file, String written) {
        try (Stream<String> locks = Files.lines(proc.resolve("locks"), StandardCharsets.ISO_8859_1)) {
            String place = place(file);
            String user = String.valueOf(PrivateFiles.user(file));
            return locks.map(line -> line.strip().split("\\s+"))
                    // The lines of those who wait for a lock have an arrow in the second place.
                    .filter(fields -> fields.length > 5 && fields[5].equals(place))
                    .map(fields -> new Holder(fields[4], isTurnouts(fields, user, written)))
                    .toList();
        } catch (IOException | RuntimeException e) {
            return List.of();
        }
    }

    private boolean isTurnouts(String[] fields, String user, String written) {
        boolean isWriteLock = fields[1].equals("POSIX") && fields[3].equals("WRITE");
        String pid = fields[4];
        if (!isWriteLock || !isOf(pid, user)) {
            return false;
        }
        // A Turnout that has just started may not have written its id yet.
        return written.isEmpty() || written.equals(pid) || command(pid).contains("turnout");
    }

    private boolean isOf(String pid, String user) {
        try {
            String owner = String.valueOf(PrivateFiles.user(proc.resolve(pid)));
            return owner.equals(user) || owner.equals(ROOT);
        } catch (IOException e) {
            // The process has ended meanwhile, or is not shown: what the process was is not known.
            return true;
        }
    }

    private String command(String pid) {
        try {
            return Files.readString(proc.resolve(pid).resolve("cmdline"), StandardCharsets.ISO_8859_1)
                    .toLowerCase(Locale.ROOT);
        } catch (IOException e) {
            return "turnout";
        }
    }

    /** Returns the place as the kernel writes it: the device's numbers in hexadecimal, then the inode. */
    private static String place(Path file) throws IOException {
        long device = (Long) Files.getAttribute(file, "unix:dev");
        long inode = (Long) Files.getAttribute(file, "unix:ino");
        long major = (device >> 8 & 0xfff) | (device >> 32 & ~0xfffL);
        long minor = (device & 0xff) | (device >> 12 & ~0xffL);
        return String.format(Locale.ROOT, "%02x:%02x:%d", major, minor, inode);
    }
}
