package dev.turnout.proxy.loop;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import io.netty.channel.socket.SocketChannelConfig;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.channels.NotYetConnectedException;
import org.jspecify.annotations.Nullable;

/**
 * Says whether a channel reads, and keeps it from reading when its peer has closed.
 *
 * <p>Netty's epoll channels read to the end once the peer's FIN has arrived, whatever auto-read says
 * ({@code AbstractEpollUnsafe.epollInFinally}). What a slow receiver has yet to take is then held in memory. They stop
 * only when the input is marked as shut down and half-closure is not allowed
 * ({@code AbstractEpollChannel.shouldBreakEpollInReady}). So a read that comes during a pause leads to that mark, if
 * the FIN is its reason, and from then on half-closure is allowed only while reading is. Bytes stay in the system's
 * buffer and are read later, in order. Event loop only.
 */
public final class ReadControl {

    /** {@code TCP_CLOSE} and {@code TCP_CLOSE_WAIT} of Linux' {@code netinet/tcp.h}. */
    private static final int RESET = 7;

    private static final int PEER_CLOSED = 8;

    private final Channel channel;
    private boolean reading = true;
    private boolean peerClosed;
    private @Nullable BodySplice splice;

    public ReadControl(Channel channel) {
        this.channel = channel;
    }

    public boolean isReading() {
        return reading;
    }

    /** Starts reading, or leaves what comes in the system's buffer. */
    public void setReading(boolean reading) {
        if (this.reading != reading) {
            this.reading = reading;
            if (peerClosed) {
                allowHalfClosure(reading);
            }
            channel.config().setAutoRead(reading);
        }
    }

    // --- Bytes that do not enter the process -------------------------------------------------------------------------

    /**
     * Has what comes next go to another socket through a pipe, if there is one left. A read may still bring some of it.
     * Does nothing if it goes there already. Nothing goes to any other socket from then on.
     *
     * @param from the channel's own socket; null if what comes has to be read
     * @param count how many bytes
     */
    public void splice(Pipes pipes, @Nullable PlainSocket from, PlainSocket to, long count) {
        if (splice != null && !splice.goesTo(to)) {
            endSplice();
        }
        Pipe pipe = splice != null || from == null ? null : pipes.take();
        if (from != null && pipe != null) {
            splice = new BodySplice(from, to, pipe, count);
            sizes().splice(splice);
        }
    }

    /** Returns what has come through the pipe, before what a read brings; null if nothing has. The caller's to release. */
    public @Nullable PipedBytes takePiped() {
        if (splice == null) {
            return null;
        }
        PipedBytes bytes = splice.take();
        if (bytes != null && splice.isDone()) {
            endSplice();
        }
        return bytes;
    }

    /** Has all that comes be read. */
    public void endSplice() {
        if (splice != null) {
            sizes().splice(null);
            splice.end();
            splice = null;
        }
    }

    private BufferBudget.Sparing sizes() {
        return (BufferBudget.Sparing) channel.config().<RecvByteBufAllocator>getRecvByteBufAllocator();
    }

    /** Returns true if the end of the peer is noticed without reading. */
    public boolean noticesEndUnread() {
        return channel instanceof EpollSocketChannel;
    }

    /** Returns true if the peer is known to send nothing after what is in the system's buffer. */
    public boolean isPeerClosed() {
        return peerClosed;
    }

    /**
     * Called with every read. One that comes during a pause may be the first of many.
     *
     * @param count how many bytes it has brought
     * @return false if the peer has reset the connection
     */
    public boolean received(int count) {
        if (splice != null) {
            splice.read(count);
            if (splice.isDone()) {
                endSplice();
            }
        }
        return reading || peerClosed || receivedDuringPause();
    }

    private boolean receivedDuringPause() {
        if (!(channel instanceof EpollSocketChannel epoll) || !epoll.isOpen()) {
            return true;
        }
        int state = state(epoll);
        if (state == PEER_CLOSED || state == RESET) {
            peerClosed = true;
            markInputShutdown(epoll);
            allowHalfClosure(false);
        }
        return state != RESET;
    }

    private static int state(EpollSocketChannel channel) {
        try {
            return channel.tcpInfo(new EpollTcpInfo()).state();
        } catch (ChannelException e) {
            // A socket that cannot be asked is about to fail by itself.
            return 0;
        }
    }

    /** For the system this changes nothing: the peer has closed already. */
    private static void markInputShutdown(EpollSocketChannel channel) {
        try {
            ((Socket) channel.fd()).shutdown(true, false);
        } catch (IOException | NotYetConnectedException e) {
            // The mark is set before the call, which fails after a reset.
        }
    }

    private void allowHalfClosure(boolean allowed) {
        ((SocketChannelConfig) channel.config()).setAllowHalfClosure(allowed);
    }
}
