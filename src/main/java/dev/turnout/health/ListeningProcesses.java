package dev.turnout.health;

import dev.turnout.config.SocketTable;
import dev.turnout.routing.Target;
import dev.turnout.routing.TcpAddress;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The processes of this machine that listen behind targets, as {@code /proc} shows them. The system hides the processes
 * of other users from those without the right. Nothing is known of targets on other machines.
 *
 * <p>Reads a file or two for each open file of each process. That blocks for some milliseconds: not for an event loop.
 */
public final class ListeningProcesses {

    private static final String SOCKET = "socket:[";

    /** The fields of {@code stat} behind the name, and the states of a process that has ended. */
    private static final int STATE = 0;

    private static final int START = 19;
    private static final Set<String> ENDED = Set.of("Z", "X");

    /** A look at all processes takes longer than the rest of a switch, so switches in quick succession share one. */
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Path proc;
    private final Map<Target, Sight> sights = new ConcurrentHashMap<>();

    /**
     * What a look has found.
     *
     * @param process empty if several share the socket, as those of a server that forks
     */
    private record Sight(Optional<ListeningProcess> process, long atNanos) {

        private boolean isFresh() {
            return System.nanoTime() - atNanos < FRESH_NANOS;
        }
    }

    public ListeningProcesses() {
        this(Path.of("/proc"));
    }

    ListeningProcesses(Path proc) {
        this.proc = proc;
    }

    /**
     * Returns a sentence if the same process listens behind a target of each slot: a switch between the slots would
     * change nothing. Returns empty if that isn't so, or can't be known. Blocks.
     */
    public Optional<String> sharedBy(Collection<Target> slot, Collection<Target> other) {
        Map<Target, Set<Long>> owners = owners(slot, other);
        for (Target one : slot) {
            for (Target two : other) {
                Set<Long> processes = owners.getOrDefault(one, Set.of());
                // Equal, not overlapping: a parent that opened both sockets, as systemd does, has them open too.
                if (!processes.isEmpty() && processes.equals(owners.get(two))) {
                    return Optional.of(one + " and " + two + " are the same process, "
                            + processes.stream().map(String::valueOf).collect(Collectors.joining(", "))
                            + ": a switch between them changes nothing");
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Returns the process that listens behind a target. Returns empty if nobody does, if several processes share the
     * socket, or if that cannot be known. What was found a moment ago is not looked for again while it still runs. Blocks.
     */
    Optional<ListeningProcess> behind(Target target) {
        sights.values().removeIf(sight -> !sight.isFresh());
        Sight sight = sights.get(target);
        if (sight != null && sight.process().map(this::isRunning).orElse(true)) {
            return sight.process();
        }
        Set<Long> owners = owners(List.of(target), List.of()).getOrDefault(target, Set.of());
        Optional<ListeningProcess> found =
                owners.size() == 1 ? process(target, owners.iterator().next()) : Optional.empty();
        if (found.isPresent() || owners.size() > 1) {
            sights.put(target, new Sight(found, System.nanoTime()));
        }
        return found;
    }

    /** Returns true if a process has ended, and nothing listens on its target's port now. Blocks. */
    boolean haveLeft(ListeningProcess process) {
        return !isRunning(process)
                && SocketTable.of(proc).listening(process.target().tcp().port()).isEmpty();
    }

    private boolean isRunning(ListeningProcess process) {
        return process(process.target(), process.pid())
                .filter(now -> now.startTicks() == process.startTicks())
                .isPresent();
    }

    /** Returns a process; empty if the process has ended, even if its parent has not taken notice (proc(5), stat). */
    private Optional<ListeningProcess> process(Target target, long pid) {
        try {
            String stat = Files.readString(proc.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
            int end = stat.lastIndexOf(')');
            String[] fields = stat.substring(end + 2).split(" ");
            if (ENDED.contains(fields[STATE])) {
                return Optional.empty();
            }
            String name = stat.substring(stat.indexOf('(') + 1, end);
            return Optional.of(new ListeningProcess(target, pid, Long.parseLong(fields[START]), name));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Map<Target, Set<Long>> owners(Collection<Target> slot, Collection<Target> other) {
        Set<Target> targets = new HashSet<>(slot);
        targets.addAll(other);
        SocketTable sockets = SocketTable.of(proc);
        Map<Long, Target> byInode = new HashMap<>();
        for (Target target : targets) {
            if (target.address() instanceof TcpAddress tcp && isHere(tcp.host())) {
                sockets.listening(tcp.port()).forEach(inode -> byInode.put(inode, target));
            }
        }
        Map<Target, Set<Long>> owners = new HashMap<>();
        if (!byInode.isEmpty()) {
            processes().forEach(process -> openSockets(process).stream()
                    .filter(byInode::containsKey)
                    .forEach(inode -> owners.computeIfAbsent(byInode.get(inode), none -> new TreeSet<>())
                            .add(process)));
        }
        return owners;
    }

    private static boolean isHere(String host) {
        byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
        try {
            return host.equalsIgnoreCase("localhost")
                    || address != null && InetAddress.getByAddress(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + address.length + " bytes", e);
        }
    }

    private Set<Long> processes() {
        Set<Long> processes = new TreeSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(proc, "[0-9]*")) {
            entries.forEach(
                    entry -> processes.add(Long.valueOf(entry.getFileName().toString())));
        } catch (IOException e) {
            return Set.of();
        }
        return processes;
    }

    private Set<Long> openSockets(long process) {
        Set<Long> sockets = new HashSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(proc.resolve(process + "/fd"))) {
            for (Path file : files) {
                inode(target(file)).ifPresent(sockets::add);
            }
        } catch (IOException e) {
            // The process has ended meanwhile, or belongs to another user.
            return Set.of();
        }
        return sockets;
    }

    /** Returns where a link leads; empty if the file was closed meanwhile. */
    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "";
        }
    }

    /** Returns the inode that a link to an open socket names; empty for a link to anything else. */
    static Optional<Long> inode(String link) {
        return link.startsWith(SOCKET)
                ? Optional.of(Long.valueOf(link.substring(SOCKET.length(), link.length() - 1)))
                : Optional.empty();
    }
}
