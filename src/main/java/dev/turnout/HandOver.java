package dev.turnout;

import dev.turnout.store.StateStore;
import dev.turnout.store.StoreFailed;
import dev.turnout.switching.Changes;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Gives this process's place to a successor that asks for it, without a moment in which nobody accepts connections or
 * two processes believe that they own the state folder.
 *
 * <p>The successor is another Turnout with the same settings. They talk over the Unix socket {@value #SOCKET} in the
 * state folder, whose permissions say who may ask, a line at a time:
 *
 * <ol>
 *   <li>The successor has started as far as it can without the state, and says {@value #TAKE_OVER}.
 *   <li>This process refuses changes from now on, waits for one that has begun, frees the folder's lock, and says
 *       {@value #YOURS}; or {@value #BUSY}, if the change does not end. It goes on serving.
 *   <li>The successor takes the lock, reads the state, listens on the same ports by {@code SO_REUSEPORT}, and says
 *       {@value #SERVING}.
 *   <li>This process stops as on SIGTERM: it has new connections steered to the successor, lets its requests end, and
 *       ends.
 * </ol>
 *
 * <p>If the successor hangs up before the third step, this process takes the lock again and goes on as if nothing had
 * happened.
 */
final class HandOver {

    static final String TAKE_OVER = "take over";
    static final String YOURS = "yours";
    static final String BUSY = "busy";
    static final String SERVING = "serving";

    private static final Logger LOG = Logger.getLogger("dev.turnout");
    private static final String SOCKET = "hand-over.sock";
    private static final String NEW = SOCKET + ".new";

    private final Path folder;
    private final StateStore store;
    private final Changes changes;
    private final Duration patience;
    private final Runnable stop;

    /**
     * @param folder the state folder
     * @param patience how long a change that has begun is waited for
     * @param stop makes this process stop; must not wait for its end
     */
    HandOver(Path folder, StateStore store, Changes changes, Duration patience, Runnable stop) {
        this.folder = folder;
        this.store = store;
        this.changes = changes;
        this.patience = patience;
        this.stop = stop;
    }

    /** Where a process with this state folder waits for its successor. */
    static UnixDomainSocketAddress address(Path folder) {
        return UnixDomainSocketAddress.of(folder.resolve(SOCKET));
    }

    /** Waits for a successor from now on, on a thread of its own; a predecessor's socket gives way to this one's. */
    void offer() {
        ServerSocketChannel server;
        try {
            Path socket = folder.resolve(NEW);
            Files.deleteIfExists(socket);
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
            Files.move(socket, folder.resolve(SOCKET), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.errorf("No successor can take over without a gap: %s", e);
            return;
        }
        Thread thread = new Thread(() -> await(server), "turnout-hand-over");
        thread.setDaemon(true);
        thread.start();
    }

    private void await(ServerSocketChannel server) {
        boolean handedOver = false;
        while (!handedOver) {
            try (SocketChannel successor = server.accept()) {
                handedOver = handOver(successor);
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.warnf("The successor was lost: %s", e);
            } catch (InterruptedException e) {
                return;
            }
        }
        stop.run();
    }

    private boolean handOver(SocketChannel successor) throws IOException, InterruptedException {
        BufferedReader lines = new BufferedReader(Channels.newReader(successor, StandardCharsets.US_ASCII));
        if (!TAKE_OVER.equals(lines.readLine())) {
            return false;
        }
        changes.suspend("Turnout is handing its place over to a successor: ask that one.");
        if (!changes.awaitNone(patience)) {
            changes.resume();
            say(successor, BUSY);
            return false;
        }
        store.release();
        boolean serves = false;
        try {
            say(successor, YOURS);
            serves = SERVING.equals(lines.readLine());
        } finally {
            if (serves) {
                LOG.info("The successor serves");
            } else {
                resume();
            }
        }
        return serves;
    }

    private void resume() {
        try {
            store.reclaim();
            changes.resume();
            LOG.warn("The successor ended before it served: this process goes on");
        } catch (StoreFailed e) {
            LOG.errorf("This process goes on, but refuses changes until a successor serves. %s", e.getMessage());
        }
    }

    static void say(SocketChannel peer, String word) throws IOException {
        peer.write(StandardCharsets.US_ASCII.encode(word + "\n"));
    }
}
