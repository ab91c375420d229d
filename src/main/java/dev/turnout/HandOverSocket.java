package dev.turnout;

import dev.turnout.config.DaemonThread;
import dev.turnout.store.PrivateFiles;
import dev.turnout.store.StateStore;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * The Unix socket {@value StateStore#HAND_OVER_SOCKET} in the state folder, at which a process waits for its successor.
 * The permissions of the socket say who may ask: this user only.
 */
final class HandOverSocket implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger("dev.turnout");
    private static final String NEW = StateStore.HAND_OVER_SOCKET + ".new";

    /** More peers than these at a time are no successors. */
    private static final int MOST_PEERS = 8;

    private static final long AFTER_FAILURE_MILLIS = 500;

    private final ServerSocketChannel server;
    private final Executor threads;
    private final Semaphore peers = new Semaphore(MOST_PEERS);

    private HandOverSocket(ServerSocketChannel server, Executor threads) {
        this.server = server;
        this.threads = threads;
    }

    /** Returns where a process with this state folder waits for its successor. */
    static UnixDomainSocketAddress address(Path folder) {
        return UnixDomainSocketAddress.of(folder.resolve(StateStore.HAND_OVER_SOCKET));
    }

    /** Makes the socket, in the place of a predecessor's socket. Blocks. */
    static HandOverSocket open(Path folder) throws IOException {
        return open(folder, task -> DaemonThread.start("turnout-hand-over-peer", task));
    }

    /** @param threads starts a thread for each peer */
    static HandOverSocket open(Path folder, Executor threads) throws IOException {
        Path socket = folder.resolve(NEW);
        Files.deleteIfExists(socket);
        ServerSocketChannel server =
                ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
        PrivateFiles.narrow(socket);
        Files.move(socket, address(folder).getPath(), StandardCopyOption.ATOMIC_MOVE);
        return new HandOverSocket(server, threads);
    }

    /** Accepts peers from now on until the socket is closed. Each peer is heard on a thread of its own. */
    void accept(Consumer<SocketChannel> hearing) {
        DaemonThread.start("turnout-hand-over", () -> acceptAll(hearing));
    }

    private void acceptAll(Consumer<SocketChannel> hearing) {
        while (true) {
            try {
                SocketChannel peer = server.accept();
                if (peers.tryAcquire()) {
                    begin(peer, hearing);
                } else {
                    peer.close();
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException | RuntimeException | Error e) {
                LOG.warnf("A successor was lost: %s", e);
                pause();
            }
        }
    }

    /** Hangs up if the system gives no thread: a peer that is not heard would wait for its answer. */
    private void begin(SocketChannel peer, Consumer<SocketChannel> hearing) throws IOException {
        boolean isHeard = false;
        try {
            threads.execute(() -> hear(peer, hearing));
            isHeard = true;
        } finally {
            if (!isHeard) {
                peers.release();
                peer.close();
            }
        }
    }

    /** Hangs up at the end, whatever the end is: a peer that is not heard would wait for its answer. */
    private void hear(SocketChannel peer, Consumer<SocketChannel> hearing) {
        try (peer) {
            hearing.accept(peer);
        } catch (IOException e) {
            LOG.debugf("A successor could not be hung up on: %s", e);
        } finally {
            peers.release();
        }
    }

    /** A failure that comes at once would come again at once. */
    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(AFTER_FAILURE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Accepts no more peers. */
    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            LOG.debugf("The socket for successors could not be closed: %s", e);
        }
    }
}
