package dev.turnout.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The processes of this machine, as the kernel shows them in {@code /proc}: see proc(5). A process that has ended and
 * waits for its parent is not there. All methods block. Any thread.
 */
public final class ProcessTable {

    private static final int STATE = 0;
    private static final int SESSION = 3;
    private static final int START = 19;
    private static final String USER = "Uid:";
    private static final String GROUP = "Gid:";

    private final Path proc;

    public ProcessTable() {
        this(Path.of("/proc"));
    }

    ProcessTable(Path proc) {
        this.proc = proc;
    }

    /**
     * A socket that listens.
     *
     * @param user the id of the user who opened the socket
     * @param process empty if the system hides the process, since the process belongs to another user
     */
    public record Listener(int user, Optional<RunningProcess> process) {}

    /** Returns true if a process listens on a port, on any address. */
    public boolean isListenedTo(int port) {
        return !SocketTable.of(proc).listening(port).isEmpty();
    }

    /** Returns who listens on a port, on any address; empty if nobody does. */
    public Optional<Listener> listener(int port) {
        SocketTable sockets = SocketTable.of(proc);
        OptionalInt user = sockets.userListening(port);
        if (user.isEmpty()) {
            return Optional.empty();
        }
        Set<Long> inodes = sockets.listening(port);
        Optional<RunningProcess> process = processes()
                .filter(pid -> hasOpen(pid, inodes))
                .flatMap(pid -> find(pid).stream())
                .findFirst();
        return Optional.of(new Listener(user.getAsInt(), process));
    }

    /** Returns the processes of a session. */
    public List<RunningProcess> session(long leader) {
        return all().filter(process -> process.session() == leader).toList();
    }

    /** Returns all processes, in the order of their ids. */
    public Stream<RunningProcess> all() {
        return processes().flatMap(pid -> find(pid).stream());
    }

    /** Returns a process; empty if it has ended. */
    public Optional<RunningProcess> find(long pid) {
        Path folder = proc.resolve(String.valueOf(pid));
        try {
            String stat = Files.readString(folder.resolve("stat"), StandardCharsets.ISO_8859_1);
            // The name may hold blanks and parentheses: the last parenthesis ends the name.
            int end = stat.lastIndexOf(')');
            String name = stat.substring(stat.indexOf('(') + 1, end);
            String[] fields = stat.substring(end + 2).split(" ");
            if (fields[STATE].equals("Z") || fields[STATE].equals("X")) {
                return Optional.empty();
            }
            return Optional.of(new RunningProcess(
                    pid,
                    Long.parseLong(fields[START]),
                    Long.parseLong(fields[SESSION]),
                    id(folder, USER),
                    name,
                    words(folder.resolve("cmdline"))));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Returns the folder that a process works in; empty if the system does not show it. */
    public Optional<Path> folder(RunningProcess process) {
        try {
            return Optional.of(Files.readSymbolicLink(proc.resolve(process.pid() + "/cwd")));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Returns a variable of the environment that a process was started with; empty if this user may not read it. */
    public Optional<String> variable(RunningProcess process, String name) {
        try {
            return words(proc.resolve(process.pid() + "/environ")).stream()
                    .filter(word -> word.startsWith(name + "="))
                    .map(word -> word.substring(name.length() + 1))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Returns the id of the user of this process. */
    public int ownUser() {
        return own(USER);
    }

    /** Returns the id of the group of this process. */
    int ownGroup() {
        return own(GROUP);
    }

    private int own(String kind) {
        try {
            return id(proc.resolve("self"), kind);
        } catch (IOException e) {
            throw new IllegalStateException(proc + " is not there: Linux is needed", e);
        }
    }

    /** Reads the real user or group. The folder's owner is root where a process may not be looked into. */
    private static int id(Path folder, String kind) throws IOException {
        for (String line : Files.readAllLines(folder.resolve("status"), StandardCharsets.ISO_8859_1)) {
            if (line.startsWith(kind)) {
                return Integer.parseInt(line.substring(kind.length()).strip().split("\\s+")[0]);
            }
        }
        throw new IOException("no " + kind + " in " + folder);
    }

    private static List<String> words(Path file) throws IOException {
        // Not readString(), which fails at bytes that are no UTF-8.
        String line = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        return line.isEmpty() ? List.of() : List.of(line.split("\0"));
    }

    private Stream<Long> processes() {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(proc, "[0-9]*")) {
            return StreamSupport.stream(entries.spliterator(), false)
                    .map(entry -> Long.valueOf(entry.getFileName().toString()))
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            return Stream.empty();
        }
    }

    private boolean hasOpen(long pid, Set<Long> inodes) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(proc.resolve(pid + "/fd"))) {
            for (Path file : files) {
                if (isSocketOf(file, inodes)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            // The process has ended meanwhile, or belongs to another user.
            return false;
        }
    }

    private static boolean isSocketOf(Path file, Set<Long> inodes) {
        try {
            String link = Files.readSymbolicLink(file).toString();
            return inodes.stream().anyMatch(inode -> link.equals("socket:[" + inode + "]"));
        } catch (IOException e) {
            // Closed meanwhile.
            return false;
        }
    }
}
