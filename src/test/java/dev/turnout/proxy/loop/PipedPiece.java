package dev.turnout.proxy.loop;

import static java.util.Objects.requireNonNull;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollSocketChannel;

/** A piece of a body in a pipe, for tests of who releases it. */
public final class PipedPiece {

    private PipedPiece() {}

    /** Returns a piece of so many bytes for a socket that is closed. */
    public static PipedBytes of(long count) {
        Epoll.ensureAvailability();
        EpollSocketChannel channel = new EpollSocketChannel();
        PlainSocket closed = requireNonNull(PlainSocket.of(channel));
        channel.unsafe().closeForcibly();
        return new PipedBytes(requireNonNull(new Pipes(1, 1).take()), closed, count, 0);
    }
}
