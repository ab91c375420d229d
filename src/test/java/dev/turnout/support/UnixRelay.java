package dev.turnout.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** A Unix socket whose connections are passed on to a port, byte for byte, with the ends of both sides. */
public final class UnixRelay implements AutoCloseable {

    private final Path path;
    private final InetSocketAddress behind;
    private final ServerSocketChannel server;
    private final AtomicInteger accepted = new AtomicInteger();

    /** @param behind whose connections are passed on */
    public UnixRelay(Path path, Backend behind) {
        this.path = path;
        String[] address = behind.address().split(":");
        this.behind = new InetSocketAddress(address[0], Integer.parseInt(address[1]));
        try {
            Files.deleteIfExists(path);
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(path), 512);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    /** Returns the text of the target. */
    public String address() {
        return "unix:" + path;
    }

    /** Returns how many connections were accepted. */
    public int accepted() {
        return accepted.get();
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "unix-relay");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = server.accept();
                accepted.incrementAndGet();
                SocketChannel target = SocketChannel.open(behind);
                start(() -> copy(client, target));
                start(() -> copy(target, client));
            }
        } catch (IOException e) {
            // The relay was closed.
            return;
        }
    }

    private static void copy(SocketChannel from, SocketChannel to) {
        ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
        try {
            while (from.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer.clear();
            }
            to.shutdownOutput();
        } catch (IOException e) {
            close(from);
            close(to);
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
