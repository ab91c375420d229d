package dev.turnout.health;

import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads the kernel's text about sockets: {@code /proc/net/tcp} and the links in {@code /proc/PID/fd}, see proc(5). */
final class SocketTable {

    private static final String LISTEN = "0A";
    private static final int LOCAL = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;
    private static final String LINK = "socket:[";

    private SocketTable() {}

    /** The inodes of the sockets that listen on a port, on whatever address. */
    static Set<Long> listening(String table, int port) {
        String end = String.format(Locale.ROOT, ":%04X", port);
        Set<Long> inodes = new HashSet<>();
        table.lines().skip(1).map(line -> line.strip().split("\\s+")).forEach(column -> {
            if (column.length > INODE && column[STATE].equals(LISTEN) && column[LOCAL].endsWith(end)) {
                inodes.add(Long.valueOf(column[INODE]));
            }
        });
        return inodes;
    }

    /** The inode that a link to an open socket names; empty for a link to anything else. */
    static Optional<Long> inode(String link) {
        return link.startsWith(LINK)
                ? Optional.of(Long.valueOf(link.substring(LINK.length(), link.length() - 1)))
                : Optional.empty();
    }
}
