package dev.turnout.config;

import dev.turnout.routing.Target;
import dev.turnout.routing.TcpAddress;
import dev.turnout.routing.UnixAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The TCP sockets of one network namespace, as the kernel shows them in {@code net/tcp} and {@code net/tcp6}: see
 * proc(5). Any thread.
 *
 * <p>A busy proxy has a line for each of tens of thousands of connections. Only listening sockets are kept; connections
 * are counted line by line.
 */
public final class SocketTable {

    private static final String ESTABLISHED = "01";
    private static final String LISTEN = "0A";
    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int STATE = 3;
    private static final int USER = 7;
    private static final int INODE = 9;

    private final Lines lines;
    private final Supplier<UnixSocketTable> unix;
    private final List<Listener> listeners = new ArrayList<>();

    /** The lines of the tables. */
    private interface Lines {

        /** Calls a consumer with each line of a socket. Blocks. */
        void forEach(Consumer<String> line);
    }

    /**
     * A socket that listens.
     *
     * @param local address and port, as the table has them
     * @param user the id of the user who opened the socket
     */
    private record Listener(String local, int user, long inode) {}

    private SocketTable(Lines lines, Supplier<UnixSocketTable> unix) {
        this.lines = lines;
        this.unix = unix;
        sockets(
                LISTEN,
                columns -> listeners.add(
                        new Listener(columns[LOCAL], Integer.parseInt(columns[USER]), Long.parseLong(columns[INODE]))));
    }

    /**
     * Reads the tables of a process's namespace. A table that is missing, or that the system does not show, has no
     * sockets. Blocks.
     *
     * @param proc {@code /proc} for this process, {@code /proc/PID} for another process
     */
    public static SocketTable of(Path proc) {
        return new SocketTable(
                line -> {
                    read(proc.resolve("net/tcp"), line);
                    read(proc.resolve("net/tcp6"), line);
                },
                () -> UnixSocketTable.of(proc));
    }

    /** Returns the sockets of a table's text. */
    static SocketTable parse(String table) {
        return new SocketTable(line -> table.lines().skip(1).forEach(line), () -> UnixSocketTable.of(Path.of("/proc")));
    }

    private static void read(Path table, Consumer<String> sockets) {
        try (BufferedReader reader = Files.newBufferedReader(table, StandardCharsets.ISO_8859_1)) {
            reader.readLine();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                sockets.accept(line);
            }
        } catch (IOException e) {
            // The lines so far are what is known.
            return;
        }
    }

    private void sockets(String state, Consumer<String[]> columnsOfSocket) {
        lines.forEach(line -> {
            if (line.contains(" " + state + " ")) {
                String[] columns = line.strip().split("\\s+");
                if (columns.length > INODE && columns[STATE].equals(state)) {
                    columnsOfSocket.accept(columns);
                }
            }
        });
    }

    /** Returns the inodes of the sockets that listen on a port, on any address. */
    public Set<Long> listening(int port) {
        return listeners(port).map(Listener::inode).collect(Collectors.toSet());
    }

    /** Returns the id of the user who opened a socket that listens on a port; empty if nobody listens there. */
    public OptionalInt userListening(int port) {
        return listeners(port).mapToInt(Listener::user).findFirst();
    }

    private Stream<Listener> listeners(int port) {
        String end = port(port);
        return listeners.stream().filter(listener -> listener.local().endsWith(end));
    }

    /** Returns how many connections to a target are established. Blocks: reads the tables, and looks up the name. */
    public long connectionsTo(Target target) {
        if (target.address() instanceof UnixAddress unix) {
            return this.unix.get().connectionsTo(unix);
        }
        Set<String> remotes = addresses(target.tcp());
        LongAdder connections = new LongAdder();
        sockets(ESTABLISHED, columns -> {
            if (remotes.contains(columns[REMOTE])) {
                connections.increment();
            }
        });
        return connections.sum();
    }

    /** Returns the addresses as the tables have them: 32-bit words in the machine's order, which is little-endian. */
    private static Set<String> addresses(TcpAddress target) {
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
