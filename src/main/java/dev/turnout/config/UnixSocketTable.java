package dev.turnout.config;

import dev.turnout.routing.UnixAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The Unix sockets of one network namespace, as the kernel shows them in {@code net/unix}: see proc(5). Any thread. */
final class UnixSocketTable {

    /** The state of a socket that has a peer ({@code SS_CONNECTED} of Linux' {@code net.h}). */
    private static final String CONNECTED = "03";

    private static final int STATE = 5;
    private static final int PATH = 7;

    private final List<String> lines;

    private UnixSocketTable(List<String> lines) {
        this.lines = lines;
    }

    /**
     * Reads the table. One that is missing has no sockets. Blocks.
     *
     * @param proc {@code /proc} for this process, {@code /proc/PID} for another process
     */
    static UnixSocketTable of(Path proc) {
        try {
            return new UnixSocketTable(Files.readAllLines(proc.resolve("net/unix"), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return new UnixSocketTable(List.of());
        }
    }

    /** Returns how many connections a Unix socket has accepted that are open. Each has the path of its listener. */
    long connectionsTo(UnixAddress target) {
        return lines.stream()
                .map(line -> line.strip().split("\\s+", PATH + 1))
                .filter(columns -> columns.length > PATH
                        && columns[STATE].equals(CONNECTED)
                        && columns[PATH].equals(target.path()))
                .count();
    }
}
