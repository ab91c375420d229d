package dev.turnout.support;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Free ports for processes that end and come back to the same port.
 *
 * <p>A port that the system chooses may be given to a client of another test while its process is down. These ports are
 * below the range that the system chooses from, and each fork of the build has a range of its own.
 */
public final class Ports {

    private static final int FIRST = 10_000;
    private static final int FORKS = 4;
    private static final int EACH = 5_000;

    private static final int BASE = FIRST + Integer.parseInt(System.getProperty("test.fork", "1")) % FORKS * EACH;

    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(EACH));

    private Ports() {}

    /** Returns a port that nobody listens on. No other caller gets the same port soon. */
    public static int next() {
        for (int tries = 0; tries < EACH; tries++) {
            int port = BASE + Math.floorMod(NEXT.getAndIncrement(), EACH);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port from " + BASE);
    }

    /** Returns true if somebody listens on a port. */
    static boolean isListening(String host, int port) {
        try (Socket socket = new Socket(host, port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
