package dev.turnout.proxy.listen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The listening sockets that a service manager has opened and handed to this process: sd_listen_fds(3). Those with the
 * name {@value #TLS} are for HTTPS, all others for plain HTTP.
 *
 * <p>The service manager keeps them when this process ends, and so do they keep the connections that nobody has
 * accepted yet: the next process finds them in the queue. Closing a descriptor of such a socket only ends this
 * process's use of it.
 *
 * @param plain file descriptors of sockets for plain HTTP
 * @param tls file descriptors of sockets for HTTPS
 */
public record InheritedSockets(List<Integer> plain, List<Integer> tls) {

    /** {@code FileDescriptorName=} in the unit of a socket for HTTPS. */
    public static final String TLS = "tls";

    private static final int FIRST = 3;

    /** {@code O_NONBLOCK} of the Linux ABI, open(2). */
    private static final int NON_BLOCKING = 04000;

    public InheritedSockets {
        plain = List.copyOf(plain);
        tls = List.copyOf(tls);
    }

    /**
     * Returns what the environment says.
     *
     * @param pid of this process: an environment that was meant for a parent is not for this process
     * @throws IllegalStateException if what it says makes no sense
     */
    public static InheritedSockets of(Map<String, String> environment, long pid) {
        String count = environment.get("LISTEN_FDS");
        if (count == null || !Long.toString(pid).equals(environment.get("LISTEN_PID"))) {
            return new InheritedSockets(List.of(), List.of());
        }
        if (!count.matches("[1-9][0-9]{0,2}")) {
            throw new IllegalStateException("LISTEN_FDS=" + count + " is not a number of sockets");
        }
        String[] names = environment.getOrDefault("LISTEN_FDNAMES", "").split(":", -1);
        List<Integer> plain = new ArrayList<>();
        List<Integer> tls = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(count); i++) {
            boolean isTls = i < names.length && names[i].equals(TLS);
            (isTls ? tls : plain).add(FIRST + i);
        }
        return new InheritedSockets(plain, tls);
    }

    /**
     * Makes sure that a socket does not block who asks for a connection that another process has just taken: that would
     * be an event loop.
     *
     * @throws IllegalStateException if it does, or is not open
     */
    static void checkNonBlocking(int descriptor) {
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
