package dev.turnout.health;

import dev.turnout.config.SocketTable;
import dev.turnout.routing.Target;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The processes of this machine that listen behind targets, as {@code /proc} shows them. The system hides the processes
 * of other users from those without the right. Nothing is known of targets on other machines.
 *
 * <p>Reads a file or two for each open file of each process. That blocks for some milliseconds: not for an event loop.
 */
public final class ListeningProcesses {

    private static final String SOCKET = "socket:[";

    private final Path proc;

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

    private Map<Target, Set<Long>> owners(Collection<Target> slot, Collection<Target> other) {
        Set<Target> targets = new HashSet<>(slot);
        targets.addAll(other);
        SocketTable sockets = SocketTable.of(proc);
        Map<Long, Target> byInode = new HashMap<>();
        for (Target target : targets) {
            if (isHere(target.host())) {
                sockets.listening(target.port()).forEach(inode -> byInode.put(inode, target));
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
