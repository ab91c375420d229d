package dev.turnout.config;

import dev.turnout.routing.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The TCP sockets of one network namespace, as the kernel shows them in {@code net/tcp} and {@code net/tcp6}: see
 * proc(5). Any thread.
 */
public final class SocketTable {

    private static final String ESTABLISHED = "01";
    private static final String LISTEN = "0A";
    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int STATE = 3;
    private static final int USER = 7;
    private static final int INODE = 9;

    private final List<String[]> sockets;

    private SocketTable(List<String[]> sockets) {
        this.sockets = sockets;
    }

    /**
     * Reads the tables of a process's namespace. A table that is missing, or that the system does not show, has no
     * sockets. Blocks.
     *
     * @param proc {@code /proc} for this process, {@code /proc/PID} for another process
     */
    public static SocketTable of(Path proc) {
        return new SocketTable(Stream.of("net/tcp", "net/tcp6")
                .map(proc::resolve)
                .flatMap(table -> sockets(lines(table)))
                .toList());
    }

    /** Returns the sockets of a table's text. */
    static SocketTable parse(String table) {
        return new SocketTable(sockets(table.lines()).toList());
    }

    private static Stream<String[]> sockets(Stream<String> lines) {
        return lines.skip(1).map(line -> line.strip().split("\\s+")).filter(columns -> columns.length > INODE);
    }

    private static Stream<String> lines(Path table) {
        try {
            return Files.readAllLines(table, StandardCharsets.ISO_8859_1).stream();
        } catch (IOException e) {
            return Stream.empty();
        }
    }

    /** Returns the inodes of the sockets that listen on a port, on any address. */
    public Set<Long> listening(int port) {
        return listeners(port).map(columns -> Long.valueOf(columns[INODE])).collect(Collectors.toSet());
    }

    /** Returns the id of the user who opened a socket that listens on a port; empty if nobody listens there. */
    public OptionalInt userListening(int port) {
        return listeners(port)
                .mapToInt(columns -> Integer.parseInt(columns[USER]))
                .findFirst();
    }

    private Stream<String[]> listeners(int port) {
        String end = port(port);
        return sockets.stream().filter(columns -> columns[STATE].equals(LISTEN) && columns[LOCAL].endsWith(end));
    }

    /** Returns how many connections to a target are established. Blocks to look up the target's name. */
    public long connectionsTo(Target target) {
        Set<String> remotes = addresses(target);
        return sockets.stream()
                .filter(columns -> columns[STATE].equals(ESTABLISHED) && remotes.contains(columns[REMOTE]))
                .count();
    }

    /** Returns the addresses as the tables have them: 32-bit words in the machine's order, which is little-endian. */
    private static Set<String> addresses(Target target) {
        Set<String> all = new HashSet<>();
        try {
            for (InetAddress address : InetAddress.getAllByName(target.host())) {
                String words = kernelWords(address.getAddress());
                all.add(words + port(target.port()));
                if (address.getAddress().length == 4) {
                    all.add("0000000000000000FFFF0000" + words + port(target.port()));
                }
            }
        } catch (UnknownHostException e) {
            return Set.of();
        }
        return all;
    }

    private static String port(int port) {
        return String.format(Locale.ROOT, ":%04X", port);
    }

    private static String kernelWords(byte[] address) {
        StringBuilder words = new StringBuilder();
        HexFormat hex = HexFormat.of().withUpperCase();
        for (int word = 0; word < address.length; word += 4) {
            for (int i = 3; i >= 0; i--) {
                words.append(hex.toHexDigits(address[word + i]));
            }
        }
        return words.toString();
    }
}
