package dev.turnout.doctor;

import dev.turnout.routing.Target;
import dev.turnout.routing.UnixAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** A connection without TLS, over TCP or to a Unix socket. */
final class PlainConnection implements TimedConnection {

    private final SocketChannel channel;
    private final Selector selector;

    private PlainConnection(SocketChannel channel, Selector selector) {
        this.channel = channel;
        this.selector = selector;
    }

    /**
     * Opens a connection.
     *
     * @param opening what the connection begins with
     * @throws SocketTimeoutException if nobody accepts it in time
     */
    static PlainConnection open(SocketAddress address, byte[] opening, Duration patience) throws IOException {
        SocketChannel channel = address instanceof UnixDomainSocketAddress
                ? SocketChannel.open(StandardProtocolFamily.UNIX)
                : SocketChannel.open();
        try {
            PlainConnection connection = new PlainConnection(channel, Selector.open());
            connection.connect(address, patience.toMillis());
            connection.write(opening);
            return connection;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Returns where a target is connected to. */
    static SocketAddress address(Target target) throws UnknownHostException {
        if (target.address() instanceof UnixAddress unix) {
            return UnixDomainSocketAddress.of(unix.path());
        }
        InetSocketAddress address =
                new InetSocketAddress(target.tcp().host(), target.tcp().port());
        if (address.isUnresolved()) {
            throw new UnknownHostException(target.tcp().host());
        }
        return address;
    }

    private void connect(SocketAddress address, long millis) throws IOException {
        channel.configureBlocking(false);
        if (!channel.connect(address)) {
            await(SelectionKey.OP_CONNECT, millis);
            channel.finishConnect();
        }
    }

    private void await(int what, long millis) throws IOException {
        channel.register(selector, what);
        selector.selectedKeys().clear();
        if (selector.select(Math.max(1, millis)) == 0) {
            throw new SocketTimeoutException("nothing in " + millis + " ms");
        }
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            channel.write(left);
        }
    }

    @Override
    public int read(byte[] some, long millis) throws IOException {
        await(SelectionKey.OP_READ, millis);
        return channel.read(ByteBuffer.wrap(some));
    }

    @Override
    public void close() throws IOException {
        selector.close();
        channel.close();
    }
}
