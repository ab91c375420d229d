package dev.turnout.proxy.listen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The listening sockets that a service manager has opened and handed to this process: sd_listen_fds(3).
 *
 * <p>The service manager keeps them when this process ends, and so do they keep the connections that nobody has
 * accepted yet: the next process finds them in the queue. Closing a descriptor of such a socket only ends this
 * process's use of it.
 *
 * @param descriptors file descriptors; none if there is no socket activation
 */
public record InheritedSockets(List<Integer> descriptors) {

    private static final int FIRST = 3;

    /** {@code O_NONBLOCK} of the Linux ABI, open(2). */
    private static final int NON_BLOCKING = 04000;

    /**
     * Returns what the environment says.
     *
     * @param pid of this process: an environment that was meant for a parent is not for this process
     * @throws IllegalStateException if what it says makes no sense
     */
    public static InheritedSockets of(Map<String, String> environment, long pid) {
        String count = environment.get("LISTEN_FDS");
        if (count == null || !Long.toString(pid).equals(environment.get("LISTEN_PID"))) {
            return new InheritedSockets(List.of());
        }
        if (!count.matches("[1-9][0-9]{0,2}")) {
            throw new IllegalStateException("LISTEN_FDS=" + count + " is not a number of sockets");
        }
        return new InheritedSockets(
                IntStream.range(FIRST, FIRST + Integer.parseInt(count)).boxed().toList());
    }

    boolean isEmpty() {
        return descriptors.isEmpty();
    }

    /**
     * Makes sure that none of them blocks who asks for a connection that another process has just taken: that would be
     * an event loop.
     *
     * @throws IllegalStateException if one does, or is not open
     */
    void checkNonBlocking() {
        descriptors.forEach(InheritedSockets::checkNonBlocking);
    }

    private static void checkNonBlocking(int descriptor) {
        List<String> lines;
        try {
            lines = Files.readAllLines(Path.of("/proc/self/fdinfo/" + descriptor));
        } catch (IOException e) {
            throw new IllegalStateException(
                    "LISTEN_FDS names file descriptor " + descriptor + ", which is not open", e);
        }
        boolean nonBlocking = lines.stream()
                .filter(line -> line.startsWith("flags:"))
                .mapToInt(line ->
                        Integer.parseInt(line.substring("flags:".length()).strip(), 8))
                .allMatch(flags -> (flags & NON_BLOCKING) != 0);
        if (!nonBlocking) {
            throw new IllegalStateException("The socket that the service manager has opened is a blocking one; say"
                    + " NonBlocking=yes in the [Service] section of the unit");
        }
    }
}
