package dev.turnout.health;

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
 * Which processes of this machine listen behind targets, as far as {@code /proc} tells: of the processes of other users
 * it tells nothing to those without the right, and of targets on other machines nothing at all.
 *
 * <p>Reads a file or two for each open file of each process, so it blocks for some milliseconds: not for an event loop.
 */
public final class ListeningProcesses {

    private final Path proc;

    public ListeningProcesses() {
        this(Path.of("/proc"));
    }

    ListeningProcesses(Path proc) {
        this.proc = proc;
    }

    /**
     * A sentence that says that the very same process listens behind a target of both slots: a switch between them then
     * changes nothing. Empty if that isn't so, or can't be known.
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
        Map<Long, Target> byInode = new HashMap<>();
        for (Target target : targets) {
            if (isHere(target.host())) {
                inodes(target.port()).forEach(inode -> byInode.put(inode, target));
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

    private Set<Long> inodes(int port) {
        Set<Long> inodes = new HashSet<>();
        for (String table : new String[] {"net/tcp", "net/tcp6"}) {
            try {
                inodes.addAll(SocketTable.listening(Files.readString(proc.resolve(table)), port));
            } catch (IOException e) {
                // A machine without this table has no such sockets, or doesn't show them: nothing is known then.
                continue;
            }
        }
        return inodes;
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
                SocketTable.inode(target(file)).ifPresent(sockets::add);
            }
        } catch (IOException e) {
            // The process has ended in between, or is somebody else's.
            return Set.of();
        }
        return sockets;
    }

    /** Open files come and go while they are looked at. */
    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "";
        }
    }
}
